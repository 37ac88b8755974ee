/** What `kubectl completion powershell` prints: powershell asks `kubectl __complete WORDS` in an argument completer, as cobra's powershell_completions.go does. */
export const POWERSHELL_SCRIPT = String.raw`# powershell completion for kubectl

# Asks kubectl for choices. The words are read as when the line is run.
[scriptblock]${"${"}__kubectlCompleter} = {
    param($WordToComplete, $CommandAst, $CursorPosition)

    $line = $CommandAst.Extent.Text
    if ($line.Length -gt $CursorPosition) { $line = $line.Substring(0, $CursorPosition) }
    $program, $words = $line.Split(' ', 2)
    $call = "$program __complete $words"
    if ($WordToComplete -eq '' -and -not $line.EndsWith('=')) {
        # Before 7.3 an empty word was lost on its way to a program.
        $empty = if ($PSVersionTable.PSVersion -ge [version]'7.3') { '""' } else { "'" + '""' + "'" }
        $call = $call.TrimEnd() + " $empty"
    }
    $out = @(Invoke-Expression -Command $call 2>$null)
    if ($out.Count -eq 0) { return '' }
    $directive = 0
    if ($out[-1] -match '^:(\d+)$') {
        $directive = [int]$Matches[1]
        $out = @($out | Select-Object -SkipLast 1)
    }
    # 1: an error, 2: no blank behind, 4: no files instead, 8: files with endings, 16: directories, 32: in this order
    if ($directive -band 1) { return '' }
    # An empty answer lets the shell offer files.
    if ($directive -band 24) { return }

    $before = ''
    $typed = $WordToComplete
    if ($typed -match '^(-.*?=)(.*)$') { $before, $typed = $Matches[1], $Matches[2] }
    $choices = @($out | ForEach-Object {
        $name, $meaning = $_.Split([char]9, 2)
        if (-not $meaning) { $meaning = ' ' }
        [pscustomobject]@{ Name = $name; Meaning = $meaning }
    } | Where-Object { $_.Name -like "$typed*" })
    if (-not ($directive -band 32)) { $choices = @($choices | Sort-Object -Property Name) }
    if ($choices.Count -eq 0) {
        if ($directive -band 4) { return '' }
        return
    }

    # Only the menu of the key Tab leaves a blank to whoever types on.
    $mode = (Get-PSReadLineKeyHandler | Where-Object { $_.Key -eq 'Tab' }).Function
    $blank = if (($directive -band 2) -or ($mode -eq 'MenuComplete' -and $choices.Count -gt 1)) { '' } else { ' ' }
    foreach ($choice in $choices) {
        $shown = if ($mode -eq 'Complete' -and $choices.Count -gt 1) { "$($choice.Name) ($($choice.Meaning.Trim()))" } else { $choice.Name }
        [System.Management.Automation.CompletionResult]::new("$before$($choice.Name)$blank", $shown, 'ParameterValue', $choice.Meaning)
    }
}

Register-ArgumentCompleter -CommandName 'kubectl' -ScriptBlock ${"${"}__kubectlCompleter}
`;

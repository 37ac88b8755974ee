/** What `kubectl completion fish` prints: fish asks `kubectl __complete WORDS` and offers what it kept of the answer, as cobra's fish_completions.go does. */
export const FISH_SCRIPT = String.raw`# fish completion for kubectl

# Whether a bit is set. 1: an error, 2: no blank behind, 4: no files instead, 8: files with endings, 16: directories, 32: in this order
function __kubectl_has_bit
    test (math "floor($argv[1] / $argv[2]) % 2") -eq 1
end

# Asks kubectl, and keeps the answer. Fails where fish is to offer files.
function __kubectl_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -g __kubectl_choices
    set -g __kubectl_directive 0
    set -l out (eval (string escape -- $program __complete $words $current) 2> /dev/null)
    set -q out[1]; or return 1
    if string match -qr '^:\d+$' -- $out[-1]
        set -g __kubectl_directive (string sub -s 2 -- $out[-1])
        set -e out[-1]
    end
    __kubectl_has_bit $__kubectl_directive 1; and return 1
    # fish knows no endings: it offers all files, or all directories.
    __kubectl_has_bit $__kubectl_directive 8; and return 1
    __kubectl_has_bit $__kubectl_directive 16; and return 1
    set -l before (string match -r -- '^-.*?=' $current)
    for line in $out
        set -a __kubectl_choices "$before$line"
    end
    set -l fitting
    for line in $__kubectl_choices
        set -l name (string split -m 1 \t -- $line)[1]
        test (string sub -l (string length -- $current) -- $name) = "$current"; and set -a fitting $name
    end
    # Behind a second choice, fish writes no blank.
    if __kubectl_has_bit $__kubectl_directive 2; and test (count $fitting) -eq 1
        set -a __kubectl_choices "$fitting[1]."
    end
    __kubectl_has_bit $__kubectl_directive 4; and return 0
    test (count $__kubectl_choices) -gt 0
end

function __kubectl_ask_ordered
    __kubectl_ask; and __kubectl_has_bit $__kubectl_directive 32
end

function __kubectl_ask_sorted
    __kubectl_ask; and not __kubectl_has_bit $__kubectl_directive 32
end

complete -c kubectl -e
complete -k -c kubectl -n __kubectl_ask_ordered -f -a '$__kubectl_choices'
complete -c kubectl -n __kubectl_ask_sorted -f -a '$__kubectl_choices'
`;

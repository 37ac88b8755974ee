import type { FileSpec } from "../file-spec.ts";

/** Ubuntu 24.04's start-up files of bash: their commands, without most of their comments. */

const ENVIRONMENT = `PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"
`;

export const PROFILE = `# /etc/profile: system-wide start-up of login shells

if [ "\${PS1-}" ]; then
  if [ "\${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    if [ -f /etc/bash.bashrc ]; then
      . /etc/bash.bashrc
    fi
  else
    if [ "$(id -u)" -eq 0 ]; then
      PS1='# '
    else
      PS1='$ '
    fi
  fi
fi

if [ -d /etc/profile.d ]; then
  for i in /etc/profile.d/*.sh; do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
`;

const SYSTEM_BASHRC = `# /etc/bash.bashrc: system-wide start-up of interactive shells

[ -z "\${PS1-}" ] && return

shopt -s checkwinsize

if [ -z "\${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi

if ! [ -n "\${SUDO_USER}" -a -n "\${SUDO_PS1}" ]; then
  PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
fi

if [ -x /usr/lib/command-not-found -o -x /usr/share/command-not-found/command-not-found ]; then
	function command_not_found_handle {
                if [ -x /usr/lib/command-not-found ]; then
		   /usr/lib/command-not-found -- "$1"
                   return $?
                elif [ -x /usr/share/command-not-found/command-not-found ]; then
		   /usr/share/command-not-found/command-not-found -- "$1"
                   return $?
		else
		   printf "%s: command not found\\n" "$1" >&2
		   return 127
		fi
	}
fi
`;

/** root's knows only `xterm-color` for a coloured prompt, so the usual terminal shows a plain one; users' know 256 colours. */
function bashrc(colourTerminals: string, guard: string): string {
  return `# ~/.bashrc: start-up of interactive shells

${guard}

HISTCONTROL=ignoreboth
shopt -s histappend
HISTSIZE=1000
HISTFILESIZE=2000
shopt -s checkwinsize

[ -x /usr/bin/lesspipe ] && eval "$(SHELL=/bin/sh lesspipe)"

if [ -z "\${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then
    debian_chroot=$(cat /etc/debian_chroot)
fi

case "$TERM" in
    ${colourTerminals}) color_prompt=yes;;
esac

# uncomment for a coloured prompt
#force_color_prompt=yes

if [ -n "$force_color_prompt" ]; then
    if [ -x /usr/bin/tput ] && tput setaf 1 >&/dev/null; then
	color_prompt=yes
    else
	color_prompt=
    fi
fi

if [ "$color_prompt" = yes ]; then
    PS1='\${debian_chroot:+($debian_chroot)}\\[\\033[01;32m\\]\\u@\\h\\[\\033[00m\\]:\\[\\033[01;34m\\]\\w\\[\\033[00m\\]\\$ '
else
    PS1='\${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ '
fi
unset color_prompt force_color_prompt

case "$TERM" in
xterm*|rxvt*)
    PS1="\\[\\e]0;\${debian_chroot:+($debian_chroot)}\\u@\\h: \\w\\a\\]$PS1"
    ;;
*)
    ;;
esac

if [ -x /usr/bin/dircolors ]; then
    test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"
    alias ls='ls --color=auto'
    alias grep='grep --color=auto'
    alias fgrep='fgrep --color=auto'
    alias egrep='egrep --color=auto'
fi

alias ll='ls -alF'
alias la='ls -A'
alias l='ls -CF'

if [ -f ~/.bash_aliases ]; then
    . ~/.bash_aliases
fi
`;
}

const ROOT_BASHRC = bashrc("xterm-color", '[ -z "$PS1" ] && return').replace(
  "HISTCONTROL=ignoreboth",
  "HISTCONTROL=ignoredups:ignorespace",
);

const SKEL_BASHRC = bashrc(
  "xterm-color|*-256color",
  `case $- in
    *i*) ;;
      *) return;;
esac`,
);

export const ROOT_PROFILE = `# ~/.profile: start-up of login shells

if [ "$BASH" ]; then
  if [ -f ~/.bashrc ]; then
    . ~/.bashrc
  fi
fi

mesg n 2> /dev/null || true
`;

const SKEL_PROFILE = `# ~/.profile: start-up of login shells

if [ -n "$BASH_VERSION" ]; then
    if [ -f "$HOME/.bashrc" ]; then
	. "$HOME/.bashrc"
    fi
fi

if [ -d "$HOME/bin" ] ; then
    PATH="$HOME/bin:$PATH"
fi

if [ -d "$HOME/.local/bin" ] ; then
    PATH="$HOME/.local/bin:$PATH"
fi
`;

const BASH_COMPLETION_PROFILE = `# /etc/profile.d/bash_completion.sh: completion in interactive login shells

if [ "\${BASH_VERSION-}" ] && [ "\${PS1-}" ] && [ -r /usr/share/bash-completion/bash_completion ]; then
    . /usr/share/bash-completion/bash_completion
fi
`;

/** What of Ubuntu's package bash-completion other programs' completions rely on: where they are put, and when they are read. */
const BASH_COMPLETION = `# /usr/share/bash-completion/bash_completion: completion of the arguments of commands

# Reads the file of a command when its arguments are first completed.
_completion_loader()
{
    local directory
    for directory in "\${XDG_DATA_HOME:-$HOME/.local/share}" /usr/local/share /usr/share; do
        [[ -n \${1##*/} && -r $directory/bash-completion/completions/\${1##*/} ]] || continue
        . "$directory/bash-completion/completions/\${1##*/}" && return 124
    done
    return 1
}

complete -D -F _completion_loader -o bashdefault -o default

for i in /etc/bash_completion.d/*; do
    [[ -f $i && -r $i ]] && . "$i"
done
[[ -r ~/.bash_completion ]] && . ~/.bash_completion
unset i
true
`;

export const SHELL_FILES: readonly FileSpec[] = [
  { path: "/etc/environment", text: ENVIRONMENT },
  { path: "/etc/profile", text: PROFILE },
  { path: "/etc/profile.d", dir: true },
  { path: "/etc/profile.d/bash_completion.sh", text: BASH_COMPLETION_PROFILE },
  { path: "/etc/bash_completion.d", dir: true },
  { path: "/etc/bash_completion", text: ". /usr/share/bash-completion/bash_completion\n" },
  { path: "/usr/share/bash-completion/bash_completion", text: BASH_COMPLETION },
  { path: "/usr/share/bash-completion/completions", dir: true },
  { path: "/etc/bash.bashrc", text: SYSTEM_BASHRC },
  {
    path: "/etc/shells",
    text: "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/bin/dash\n/usr/bin/dash\n",
  },
  { path: "/etc/skel/.bashrc", text: SKEL_BASHRC },
  { path: "/etc/skel/.profile", text: SKEL_PROFILE },
  {
    path: "/etc/skel/.bash_logout",
    text: `# ~/.bash_logout: when a login shell exits

if [ "$SHLVL" = 1 ]; then
    [ -x /usr/bin/clear_console ] && /usr/bin/clear_console -q
fi
`,
  },
  { path: "/root/.bashrc", text: ROOT_BASHRC },
  { path: "/root/.profile", text: ROOT_PROFILE },
];

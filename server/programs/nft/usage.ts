/** Layout and options of nftables 1.0; the descriptions are our own. */
export const NFT_USAGE = `Usage: nft [ options ] [ cmds... ]

Options (general):
  -h, --help                      Print this text
  -v, --version                   Print the version
  -V                              Print the version and what it was built with

Options (ruleset input handling):
  -f, --file <filename>           Take commands from <filename>
  -D, --define <name=value>       Set a variable, such as --define foo=1.2.3.4
  -i, --interactive               Take commands from the terminal
  -I, --includepath <directory>   Look for included files in <directory> too. Default is: /etc
  -c, --check                     Only say whether the commands are valid
  -o, --optimize                  Merge rules where that is possible

Options (ruleset list formatting):
  -a, --handle                    Show handles
  -s, --stateless                 Leave out what changes by itself, such as counters
  -t, --terse                     Leave out what sets hold
  -S, --service                   Show ports by the names of /etc/services
  -N, --reversedns                Show addresses by their names
  -u, --guid                      Show users and groups by their names
  -n, --numeric                   Show everything as numbers
  -y, --numeric-priority          Show priorities of chains as numbers
  -p, --numeric-protocol          Show protocols as numbers
  -T, --numeric-time              Show times as numbers

Options (command output formatting):
  -e, --echo                      Show what was added, inserted or replaced
  -j, --json                      Print JSON
  -d, --debug <level [,level...]> Say what happens inside (scanner, parser, eval, netlink, mnl, proto-ctx, segtree, all)

`;

/** Commands by name and the shortest form that stands for them, in vim's order of preference. */
export const EX_NAMES: readonly (readonly [least: string, name: string])[] = [
  ["a", "append"], ["arg", "args"], ["b", "buffer"], ["bn", "bnext"], ["bp", "bprevious"], ["ls", "ls"], ["files", "files"], ["buffers", "buffers"],
  ["cq", "cquit"], ["co", "copy"], ["t", "t"], ["d", "delete"], ["ec", "echo"], ["e", "edit"], ["ene", "enew"], ["ex", "ex"], ["exi", "exit"], ["f", "file"],
  ["filet", "filetype"], ["fir", "first"], ["rew", "rewind"], ["g", "global"], ["h", "help"], ["his", "history"], ["i", "insert"], ["c", "change"], ["j", "join"],
  ["ju", "jumps"], ["k", "k"], ["l", "list"], ["la", "last"], ["m", "move"], ["ma", "mark"], ["marks", "marks"], ["me", "messages"], ["n", "next"], ["noh", "nohlsearch"], ["norm", "normal"],
  ["nu", "number"], ["#", "#"], ["on", "only"], ["prev", "previous"], ["N", "Next"], ["p", "print"], ["P", "Print"], ["pu", "put"], ["pw", "pwd"], ["cd", "cd"], ["q", "quit"], ["qa", "qall"], ["quita", "quitall"],
  ["r", "read"], ["red", "redo"], ["redr", "redraw"], ["reg", "registers"], ["di", "display"], ["ret", "retab"], ["s", "substitute"], ["&", "&"], ["&&", "&&"], ["~", "~"], ["se", "set"], ["setl", "setlocal"], ["setg", "setglobal"], ["sor", "sort"],
  ["sp", "split"], ["vs", "vsplit"], ["new", "new"], ["vne", "vnew"], ["clo", "close"], ["tabe", "tabedit"], ["tabnew", "tabnew"], ["tabn", "tabnext"], ["sh", "shell"], ["st", "stop"], ["sus", "suspend"], ["sy", "syntax"], ["star", "startinsert"],
  ["u", "undo"], ["ea", "earlier"], ["lat", "later"], ["up", "update"], ["v", "vglobal"], ["ve", "version"], ["vi", "visual"], ["w", "write"], ["wa", "wall"], ["wq", "wq"], ["wqa", "wqall"], ["xa", "xall"], ["wn", "wnext"], ["x", "xit"],
  ["y", "yank"], ["z", "z"], ["!", "!"], ["=", "="], [">", ">"], ["<", "<"], ["@", "@"], ["*", "*"], ["so", "source"], ["colo", "colorscheme"], ["hi", "highlight"], ["let", "let"], ["map", "map"], ["no", "noremap"], ["nm", "nmap"], ["nn", "nnoremap"],
  ["im", "imap"], ["ino", "inoremap"], ["vm", "vmap"], ["vn", "vnoremap"], ["unm", "unmap"], ["au", "autocmd"], ["aug", "augroup"], ["sil", "silent"], ["wun", "wundo"], ["dif", "diffupdate"], ["ter", "terminal"], ["ver", "version"], ["bd", "bdelete"], ["abc", "abclear"], ["ab", "abbreviate"], ["fo", "fold"], ["mak", "make"], ["gr", "grep"], ["vim", "vimgrep"], ["cn", "cnext"], ["cope", "copen"], ["ce", "center"], ["le", "left"], ["ri", "right"], ["sav", "saveas"], ["undol", "undolist"], ["cl", "clist"], ["exe", "execute"], ["Ex", "Explore"], ["cal", "call"], ["if", "if"], ["spe", "spellgood"], ["pl", "plug"],
]; // prettier-ignore

export const COMMAND_NAMES: readonly string[] = EX_NAMES.map(([, name]) => name).filter((name) => /^[a-z]/i.test(name));

/** The whole name of a command that is given by its beginning. */
export function commandName(word: string): string | undefined {
  return (
    EX_NAMES.find(([least, name]) => name.startsWith(word) && word.startsWith(least))?.[1] ??
    EX_NAMES.find(([, name]) => name === word)?.[1]
  );
}

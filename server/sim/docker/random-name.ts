import type { Kernel } from "../kernel/index.ts";

/** Some of the words that the engine names containers by (pkg/namesgenerator). */
const ADJECTIVES = ["admiring", "agitated", "bold", "brave", "busy", "charming", "clever", "confident", "cranky", "dazzling", "determined", "eager", "ecstatic", "elegant", "epic", "focused", "friendly", "gallant", "gifted", "goofy", "happy", "hopeful", "hungry", "jolly", "jovial", "keen", "kind", "laughing", "loving", "lucid", "magical", "modest", "nervous", "nifty", "nostalgic", "objective", "optimistic", "peaceful", "pensive", "practical", "priceless", "quirky", "quizzical", "relaxed", "reverent", "romantic", "serene", "sharp", "silly", "sleepy", "stoic", "strange", "suspicious", "sweet", "tender", "thirsty", "trusting", "upbeat", "vibrant", "vigilant", "wizardly", "wonderful", "xenodochial", "youthful", "zealous", "zen"] as const; // prettier-ignore
const SURNAMES = ["agnesi", "albattani", "archimedes", "babbage", "banach", "bardeen", "bell", "bohr", "booth", "brown", "cannon", "carson", "cerf", "chandrasekhar", "clarke", "cohen", "curie", "darwin", "davinci", "dijkstra", "easley", "einstein", "elion", "euclid", "euler", "faraday", "fermat", "fermi", "feynman", "franklin", "galileo", "gates", "goldberg", "hamilton", "hawking", "heisenberg", "hellman", "hofstadter", "hopper", "hypatia", "jackson", "jones", "kalam", "keller", "kepler", "khorana", "knuth", "lamarr", "lamport", "leakey", "lovelace", "mayer", "mccarthy", "meitner", "mendel", "mirzakhani", "morse", "newton", "nobel", "noether", "pascal", "pasteur", "payne", "perlman", "pike", "ramanujan", "ride", "ritchie", "rosalind", "rubin", "shannon", "shaw", "sinoussi", "stonebraker", "swartz", "tesla", "thompson", "torvalds", "turing", "villani", "volhard", "wiles", "williams", "wing", "wozniak", "wright", "yalow"] as const; // prettier-ignore

/** `focused_turing` */
export function randomName(random: Kernel["random"]): string {
  const pick = (words: readonly string[]): string => words[random.below("docker/name", words.length)]!;
  return `${pick(ADJECTIVES)}_${pick(SURNAMES)}`;
}

// Which alphabets may meet in one name. Letters of two that look alike make one
// name pass for another (Cyrillic а in a Latin name), so the rule is UTS 39's
// "highly restrictive": one script, or those that are written together.

/** What every script uses: digits, marks, emoji. */
const shared = String.raw`\p{scx=Zyyy}\p{scx=Zinh}`;

/** Written together: Japanese, Chinese with its spelling, Korean, each with Latin. */
const together = ["Latn Hani Hira Kana", "Latn Hani Bopo", "Latn Hani Hang"];

/** All others of Unicode 17 by their codes, those that most people use first. */
const alone = [
  "Cyrl Arab Deva Grek Hebr Thai Beng Taml Telu Geor Armn Adlm Aghb Ahom",
  "Armi Avst Bali Bamu Bass Batk Berf Bhks Brah Brai Bugi Buhd Cakm Cans",
  "Cari Cham Cher Chrs Copt Cpmn Cprt Diak Dogr Dsrt Dupl Egyp Elba Elym",
  "Ethi Gara Glag Gong Gonm Goth Gran Gujr Gukh Guru Hano Hatr Hluw Hmng",
  "Hmnp Hung Ital Java Kali Kawi Khar Khmr Khoj Kits Knda Krai Kthi Lana",
  "Laoo Lepc Limb Lina Linb Lisu Lyci Lydi Mahj Maka Mand Mani Marc Medf",
  "Mend Merc Mero Mlym Modi Mong Mroo Mtei Mult Mymr Nagm Nand Narb Nbat",
  "Newa Nkoo Nshu Ogam Olck Onao Orkh Orya Osge Osma Ougr Palm Pauc Perm",
  "Phag Phli Phlp Phnx Plrd Prti Rjng Rohg Runr Samr Sarb Saur Sgnw Shaw",
  "Shrd Sidd Sidt Sind Sinh Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Tagb",
  "Takr Tale Talu Tang Tavt Tayo Tfng Tglg Thaa Tibt Tirh Tnsa Todr Tolo",
  "Toto Tutg Ugar Vaii Vith Wara Wcho Xpeo Xsux Yezi Yiii Zanb",
]
  .join(" ")
  .split(" ");

const patterns = new Map<string, RegExp | undefined>();

/** Whether all of a text is of one script, or of some that are written together. */
export function isOfOneScript(text: string): boolean {
  return [...together, ...alone].some(
    (scripts) => onlyOf(scripts)?.test(text) === true,
  );
}

/** Made when it is first asked for: most texts never need more than one. */
function onlyOf(scripts: string): RegExp | undefined {
  if (!patterns.has(scripts)) patterns.set(scripts, pattern(scripts));
  return patterns.get(scripts);
}

/** Undefined when this engine does not know the script; the server does. */
function pattern(scripts: string): RegExp | undefined {
  const classes = scripts.split(" ").map((code) => String.raw`\p{scx=${code}}`);
  try {
    return new RegExp(`^[${shared}${classes.join("")}]*$`, "u");
  } catch {
    return undefined;
  }
}

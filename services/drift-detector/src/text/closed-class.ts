// Function words: the closed classes of a language's grammar, which say how a passage is meant and nothing about its subject.

import { lowerHash } from './hashing.js';

/** Speaks to somebody. */
export const YOU = 1;
/** Obliges: must, should, need. */
export const OBLIGES = 2;
/** Asks: please. */
export const ASKS = 4;
/** A finite auxiliary: the sentence states something. */
export const STATES = 8;
/** A determiner, possessive or object pronoun: what stands before it may be a verb. */
export const DETERMINER = 16;
/** May stand before an imperative: now, then, also. */
export const LEADS = 32;
/** Any function word: carries no subject of its own. */
export const FUNCTION = 64;
/** Speaks of the speaker. */
export const FIRST_PERSON = 128;
/** Obliges nobody by name, which is whoever reads: an impersonal verb, an infinitive behind it. */
export const IMPERSONAL = 256;

// English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Chinese, Japanese: the most frequent of each class; of some more what obliges and asks.
// Grammar alone: no verb of action, no noun. A language that is absent here has weaker form, and form is a hint only.
const classes: readonly (readonly [number, string])[] = [
  [
    YOU,
    `you your yours yourself du dich dir dein deine deinen deiner euch euer eure ihr ihnen ihre ihren vous votre vos te toi ton usted
     ustedes tu tus su sus te tuo tua voi vostro lei você vocês seu sua je jij jouw uw вы вас вам ваш ваши ты тебе твой 您 你的 您的 请您`,
  ],
  [
    OBLIGES,
    `must should shall need needs needed ought required requires don't never always müssen muss musst müsst sollen soll sollst sollte
     sollten darfst muß nötig doit devez dois doivent devrait debe debes deben debería tiene tienes deve devono devi dovete
     precisa deverá moet moeten dient должен должны 必须 需要 应该 應該 必須 musi musisz musicie powinien powinna powinieneś musíte musíš мусить повинен
     måste skall skal bør bör trebuie harus wajib πρέπει`,
  ],
  [
    OBLIGES | IMPERSONAL,
    `faut falloir convient bisogna occorre conviene convém cumpre нужно надо следует необходимо należy trzeba třeba nutno потрібно треба слід gerek gerekir
     gerekiyor lazım kell täytyy`,
  ],
  [
    ASKS,
    `please kindly bitte merci veuillez prière por favor prego cortesemente gentileza alstublieft graag пожалуйста просим прошу 请将 请把 请在 请向 请给
     ださ くだ 下さ proszę prosimy prosím prosíme ласка lütfen venligst kérjük kérem rugăm mohon silakan tolong παρακαλώ παρακαλούμε`,
  ],
  [
    STATES,
    `is are was were am be been has have had will would can could may might do does did isn't wasn't won't ist sind war waren hat haben hatte wird
     werden wurde wurden kann können est sont était ont fut sera es son era fue eran ha han será está están è sono hanno sarà é são foi foram tem
     hay zijn was heeft hebben wordt был была были есть`,
  ],
  [
    DETERMINER,
    `the a an this that these those all any each every some both my our their his her its them it him us me no der die das den dem des ein eine
     einen einem einer alle jede jeden diese diesen dieser sie le la les un une des cet cette ces tous toutes el los las unos unas este esta estos
     todos todas il lo gli uno una questo questa tutti o os as um uma todos de het een deze dit этот эту все всё это`,
  ],
  [
    LEADS,
    `then now also next first finally and but so just secondly lastly afterwards dann jetzt nun auch zuerst danach und puis ensuite maintenant aussi
     et d'abord luego ahora también primero y poi ora anche prima agora depois também daarna nu ook en затем теперь также и`,
  ],
  [
    FIRST_PERSON,
    `i we me my our us mine ich wir mich mir mein meine unser nous moi mon ma mes notre nos yo nosotros mi mis nuestro io noi mio mia eu nós meu
     minha ik wij mijn я мы мне нам мой`,
  ],
  [
    FUNCTION,
    `to of in on at for with from by as into onto over under about up out off than if or not yes because when while where who whom whose which what how
     why here there only own same too very per via but he she they again before after once until during since between such zu zur zum von vom im in
     auf an bei für mit aus nach um als wie wenn ob oder nicht nein ja weil auch nur noch vor à au aux du en dans sur pour avec par de que qui ou pas
     ne se ce si comme al del con por para sin que o no sí como más ao da do na no em com ou não sim mais mas ed ad dal nel per con di che non più
     van voor met op uit naar bij om of niet als aan в на с по к у о об от до из за для что как не но или null none true false`,
  ],
];

// An open-addressing table: a Map would box every second hash, and this is asked for every word.
const SLOTS = 4096;
const hashes = new Int32Array(SLOTS);
const flags = new Uint16Array(SLOTS);
for (const [flag, words] of classes) {
  for (const word of words.split(/\s+/)) {
    if (word === '') continue;
    const hash = lowerHash(word, 0, word.length) | 0;
    let slot = hash & (SLOTS - 1);
    while (hashes[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (SLOTS - 1);
    hashes[slot] = hash;
    flags[slot] = (flags[slot] ?? 0) | flag;
  }
}

/** The classes of a word by its {@link lowerHash}, or 0 for a word with a subject of its own. */
export function closedClasses(hash: number): number {
  const wanted = hash | 0;
  for (let slot = wanted & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
    const held = hashes[slot];
    if (held === wanted) return flags[slot] ?? 0;
    if (held === 0) return 0;
  }
}

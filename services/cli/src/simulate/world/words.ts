// The vocabulary: general words, names, places; domains bring their own beside it.

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

export const NOUNS = list(`
  account adviser afternoon agenda agreement allowance analysis approach archive area arrangement article assessment assistant attempt audience
  balance band bank basis batch benefit board border branch bridge broker budget building bulletin business calendar campaign capacity carrier case
  category centre chain challenge change channel chapter charge chart choice circle claim client coast colleague column comment committee community
  company comparison component concern condition conference connection consumer contact contract contrast copy corner cost council counter country
  couple course cover crew criterion culture currency customer cycle damage deadline deal debate decade decision defect delay delivery demand
  department deposit depth description design detail device dialogue difference director discount discussion display distance district document
  doubt draft driver duty economy edge edition editor effect effort element emphasis engine entry environment error estimate evening event evidence
  exception exchange expense expert extension facility factor failure family farm feature figure finding firm floor focus forecast forest form
  formula foundation frame function fund garden gate glass government grade grant ground group growth guarantee guide harbour headline height
  history holiday household idea image impact improvement incident income increase index industry influence inspection instance institution
  insurance interest interview inventory invoice island issue item journey judge key kitchen label labour lake language launch layer leader league
  lesson letter level licence limit link list loan location logic loss machine magazine maintenance majority manager margin mark market material
  matter measure meeting member memory method metal middle minister minute mistake mode moment month morning mountain movement museum network
  newspaper night note notice number object occasion offer office opening operation opinion option order origin outcome outlet package page panel
  paper paragraph park part partner party passage path patient pattern payment peak percentage performance period permission person phase phone
  photo picture piece place plan plant plate platform point policy population port portion position post potential practice premium presence
  pressure price principle priority problem procedure process product profit programme progress project promise proof proportion proposal
  protection province purchase purpose quality quantity quarter question range rate reaction reader reason recipe record reduction reference
  region relation release remark rent repair replacement report request requirement research reserve resident resource response rest result
  return revenue review reward risk river road role roof room round route row rule sample scale scheme school scope season seat section sector
  segment selection sense sentence sequence series service session setting shape share sheet shelf shift ship shop side sign signal site situation
  skill society software solution source space speaker spread staff stage standard start statement station status step stock storage store storm
  story strategy street structure student study subject suggestion summary supplier supply support surface survey system table target task team
  technique term test text theme theory ticket title tool topic total tour tower town track trade tradition traffic training transfer transport
  treatment trend trial truth tunnel unit update upgrade user valley value variety vehicle venue version view village visit visitor volume wage
  wall warehouse warning water weather weekend weight window winter witness word work worker workshop year yield zone`);

export const ADJECTIVES = list(`
  active additional annual available average basic brief bright broad busy calm careful central certain cheap clear close common complete complex
  considerable constant correct critical current curious daily deep definite detailed different difficult direct distant double early eastern
  effective efficient empty entire equal essential exact excellent extra fair familiar famous final firm flat flexible formal former free frequent
  fresh full further future general gentle genuine gradual heavy helpful high historic huge immediate important independent initial inner inside
  internal joint large late leading light likely limited local long loose lower main major medium minor mixed mobile modern modest monthly narrow
  native natural nearby necessary new normal northern obvious occasional official old open opposite ordinary original outdoor outer overall partial
  particular patient permanent plain pleasant popular positive possible practical precise present previous primary private proper proud public quick
  quiet rare raw ready real reasonable recent regional regular relative reliable remote repeated rich rough rural safe secondary secure senior
  separate serious severe shallow sharp short silent similar simple single slight slow small smooth social soft solid southern special specific
  stable steady steep straight strange strict strong sudden suitable sure technical temporary thick thin tight tiny total traditional typical
  unusual upper urban urgent useful usual various vast vital warm weak weekly western whole wide wild wooden young`);

export const PAST_VERBS = list(`
  accepted adjusted announced approved arranged asked assessed assigned avoided awarded balanced blocked built cancelled carried changed charged
  checked cleared closed collected combined compared completed confirmed connected considered corrected counted covered created crossed cut
  declined delayed delivered described discussed doubled dropped earned ended estimated examined expanded explained extended followed found
  gained gathered grouped handled helped identified improved included increased inspected introduced joined kept launched limited linked listed
  lowered managed mapped marked matched measured mentioned merged missed monitored moved noted observed offered opened ordered organised outlined
  passed planned posted prepared presented printed produced promised proposed proved published pulled pushed raised ranked reached received
  recorded recovered reduced refused released removed renewed repaired repeated replaced reported reserved resolved restored reviewed revised
  saved selected separated served settled shaped shared shifted shipped shortened showed signed simplified sorted split started stopped stored
  studied submitted suggested supplied supported tested tracked traded trained transferred treated tried updated used validated verified visited
  waited warned weighed widened withdrew worked`);

export const FIRST_NAMES = list(`
  Adaeze Akira Alba Alina Amara Anders Anouk Arjun Astrid Bao Beatriz Bogdan Camille Chidi Clara Dalia Daan Dmitri Edith Elif Emre Esther Farah
  Felix Fiona Gabor Greta Hamza Hana Henrik Ida Ines Ivan Jamal Jelena Joao Jonas Kamala Karim Katya Kenji Lars Leila Linh Lucia Magnus Malik
  Marta Mateo Mei Mila Nadia Naveen Nia Nikolai Noor Olga Omar Pavel Petra Priya Quentin Rania Ravi Rosa Ruth Samir Sanna Sergio Signe Soren
  Tamar Tariq Thea Tomas Uma Vera Victor Wanda Wei Xavier Yara Yusuf Zeynep Zoltan`);

const NAME_STARTS = list(
  'Al Bar Bel Bor Cal Car Dal Dar Del Dun El Fal Fen Gar Gol Hal Har Hel Ing Kal Kar Kel Kor Lam Lin Lor Mar Mel Mon Nor Oak Or Pal Pel Quin Ram Ros Sal Sel Sor Tal Tor Ul Val Ver Wal Wes Yar Zan',
);
const NAME_MIDDLES = list('a an ar e en er i in is o on or u un ul ea io au');
const NAME_ENDS = list(
  'berg bury by combe dal dale field ford gate ham holm land ley lin mar mere mont more nau ner rick ridge ski son sted stow ton vale ville wick wood worth',
);

export const CITIES = list(`
  Aarhus Abidjan Accra Adelaide Algiers Almaty Amman Antwerp Arequipa Asheville Athens Auckland Baku Bangkok Barcelona Basel Bergen Bilbao Bogota
  Bologna Bordeaux Boston Bratislava Brisbane Bristol Bruges Bucharest Busan Cairo Calgary Cardiff Casablanca Chennai Cologne Cork Curitiba Dakar
  Denver Dresden Dublin Dubrovnik Durban Edinburgh Florence Fukuoka Gdansk Geneva Genoa Ghent Granada Graz Hamburg Hanoi Helsinki Hobart Izmir
  Jaipur Kampala Kaunas Kobe Krakow Kyoto Lagos Lausanne Leeds Leipzig Lima Lisbon Ljubljana Lyon Madrid Malaga Malmo Manila Marseille Medellin
  Mombasa Montreal Mumbai Nairobi Nantes Naples Odense Osaka Oslo Ottawa Palermo Perth Porto Prague Quito Reykjavik Riga Rotterdam Salzburg Santiago
  Sapporo Seattle Seville Sofia Split Stuttgart Taipei Tallinn Tampere Tbilisi Toronto Trieste Tunis Turin Utrecht Valencia Vienna Vilnius Warsaw
  Wellington Winnipeg Zagreb Zurich`);

export const MONTHS = list('January February March April May June July August September October November December');

export const MAIL_HOSTS = list(
  'northwind.example harbourline.example quillandco.example fernhill.example lumenworks.example ostrava-group.example tidewater.example meridian.example brightloom.example kestrel.example',
);

interface Draws {
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/** An invented family or company name, of some 30,000. */
export function inventedName(rng: Draws): string {
  return rng.pick(NAME_STARTS) + (rng.chance(0.6) ? rng.pick(NAME_MIDDLES) : '') + rng.pick(NAME_ENDS);
}

/** A person's full name. */
export function personName(rng: Draws): string {
  return `${rng.pick(FIRST_NAMES)} ${inventedName(rng)}`;
}

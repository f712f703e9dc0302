/**
 * The most common passwords of leaked lists, lower case: what is left of the first 10 000 of @zxcvbn-ts/language-common 4.1.3
 * (MIT, see NOTICE) without those that are only digits, and without what `weak-words.ts` knows or what differs from another
 * entry only by digits around it. Nobody chose these words; people did.
 */
const LIST = `
1qaz2wsx 123qwe buster fuckme ranger klaster biteme taylor merlin hammer 1234qwer gfhjkm scooter q1w2e3r4t5 maverick jackson sparky bigdog morgan dakota boomer marina booboo junior compaq iceman
qwer1234 hardcore ncc1701 johnny miller nikita brandy barney chester knight bigdaddy badboy fender chris jasper bigdick marlboro casper jasmine panties iwantu adidas enter ghbdtn 1q2w3e4r mike winston
blowme sexsex bigtits spanky shannon johnson asdfasdf horny thx1138 murphy danielle blowjob liverpoo apples jackie passw0rd qazxsw qwaszx razz redskins gemini cameron viking booger wilson sierra
butthead rocket victor bandit pookie helpme tucker theman tiffany maxwell qwertyui shithead debbie maddog monica alex metallic hotdog rosebud suckit jackass bonnie alexis scorpio samson q1w2e3 freddy
driver calvin 1q2w3e4r5t gators dexter bubba creative voodoo trouble gunner stella gordon jessie bullshit parker asdfghjk fucking airborne beavis godzilla skippy shelby beaver phantom fred asdasd
williams xavier braves darkness travis copper tomcat platinum qweqwe girls bigboy animal online voyager lifehack fish blazer playboy bubbles hooters marvin willow donkey topgun destiny pakistan
digital chance explorer redwings therock runner tits guinness cassie christin andrey nelson eclipse cartman fluffy louise carolina alexande birdie pantera gibson dickhead genius flyers stalker carter
kristina spencer speedy snickers sabrina marcus bronco yankee paradise lol123 dreams magnum caroline lacrosse goober member qwertyu enigma scotty pimpin bollocks cock sammy genesis poohbear dave
asd123 qweasdzxc vanessa poopoo einstein boobies stanley walker bitches drowssap courtney simple alaska badger action jake bill denise jester spitfire maryjane diesel hotrod anderson westside badass
shorty thumper hitman mozart general reddog zaq12wsx lizard melanie ruslan scarface marshall veronica porno frankie stargate qwe123 semperfi popcorn spooky brittany free cherokee vikings death leslie
rascal qweasd jimmy hummer allison patches adrian cumshot howard passion vfhbyf andre franklin sandman infinity bastard raider passport assman sucker fantasy bulldogs horney domino budlight norman
usuckballz1 softball bishop francis brutus redrum brooke bigred fktrcfylh karina digger oksana fireman alicia cunt nigger wildcats tinker duncan logitech avalon swordfis reggie motorola alexandr
hentai colorado kermit indian connor galore freeuser smooth titanic boogie simpson wolverin elizabet saints valentin georgia asdfg accord matt baxter mitchell yfnfif slut smith stinky roland naughty
ncc1701d spiderma chopper extreme skyline poop pearljam froggy fylhtq vision awesome alyssa dreamer predator bullet empire kirill people penis panthers skipper nemesis peekaboo rasdzv3 simon alison
rolltide cardinal arnold chevelle psycho danger mookie wanker manutd tommy hobbes goblue burton fyfcnfcbz picard loverboy lovelove vfrcbv bambam turkey serega galina rooster polina suckme taurus
electric avatar raptor maksim bigcock newport hard hendrix madmax a1b2c3 alpha sublime britney darkside bigman hercules wolfpack classic lincoln ronaldo 1q2w3e blizzard cheyenne wombat cjkysirj
kristen pandora devils zxc123 simone wildcat kramer sterling caesar alabama carrie bondage sports pussycat pickle catch22 leather shaggy a1b2c3d4 chronic robbie gracie amber freepass airplane perfect
kodiak billybob katana stingray snowman phpbb chocolat zeppelin garcia detroit wolves pontiac firebird vagina gundam panzer time connie trevor redhead hardon tarheels nastya hellfire engineer savage
serenity sasha michele dude lickme fireball remember darkstar miranda flash harvey strike freddie pavilion beauty bobafett dbrnjhbz jeff bigmac clinton bowling jenny natali future harrison jones
wallace apache rulez pyramid girl whynot fuckit defender teens morris trooper cancer packard popeye weasel raven icecream stewart tanner swordfish blonde sandy presario rockstar viktor norton control
wutang julian atlanta spike thailand looking lennon bluebird theone hawkeye dustin elaine nfnmzyf sailor catfish goldfish maxima tattoo light design pervert machine herman wrangler rocks trucks
nipples roscoe tornado lights bubble cadillac madman orlando pegasus target longhorn browns eatme cannon dilbert baller winnie christia katie shooter xfiles qazqaz lesbian street seattle corona
amateur cthutq prelude beach malibu freaky integra atlantis pussies iloveu lonewolf regina stealth kristin tony peewee bobcat stacey software newton leonardo srinivas angelina young enjoy valentina
trigger zaqwsx lolita shotgun coyote bruins veronika country babydoll lestat wordpass hottie random sweety woody chipper video gizmo maddie devildog valerie mistress flipper express powers soso123aljg
cessna goldie moose polaris piglet elena hjvfirf ladies fatboy scully single wicked fetish foobar castle tickle balls transam dfvgbh oicu812 impala booty hotstuff ronnie jasmin gambit toshiba basketba
lancer stephani hooker knicks roberto stinger testtest savannah shamrock benson squirt deftones trucker nick redneck goldberg alfred blaster siemens shelly renegade manson ibanez blondie hamilton
casey swinger reaper cristina lindsay dudley farmer special blahblah enterpri travel bigone sweetpea smoke skeeter fucked indiana ficken trfnthbyf freeman curtis smitty marino joanne bigfoot escort
babes check larisa trumpet tristan spartan babylon asdfghj valera stormy paladin cavalier marathon hamlet aardvark butterfl bigboobs mister napoleon indigo hornet jerome wonder indians buckeyes
hesoyam fredfred charger highland holland 1qaz2wsx3edc chiefs diamonds buckeye aurora hotsex campbell griffin brandi redman passwor chandler drpepper maiden leonard bernie pornstar thuglife millie
jungle pencil tomtom insane timber sherlock mariah audrey 1a2b3c pioneer techno catdog lollol triumph sidney fktrctq none island wetpussy blabla erotic pascal sampson consumer justme marion stones
chrissy nadine goforit pitbull kelsey adgjmptw spartak german kissme kaiser colors artist bass sammie virgin pebbles sundance overlord emerald callie irina racecar isabelle goddess wesley nipple
basket joejoe holly poison zipper alpine element huskers marcel eddie danny christy pussys sakura chichi inside ultimate dirty nicola ncc1701e blackie omega watson rommel geronimo nikki caserta trojan
123qwe123 philips sergio nugget tarzan bassman warren trixie chicks aleksandr cream webster help sherry dodger anakin bobbob bomber madness superfly q1w2e3r4t5y6 123asd florence yvonne fatcat global
ybrbnf energy desire wrinkle1 bianca sexual warlock martina andrei seminole alejandr westham concrete harris hector christop naked ladybug bernard weed tintin qazxswedc trombone chuck pleasure
rhbcnbyf history bluesky sherman onelove cotton cdtnkfyf archie holden whore brianna vfvjxrf titans stallion lindsey truck party missy hansolo angelo joanna natalia phillip panama smiles juice qawsed
inferno mongoose connect kingkong snatch flatron sex4me bluemoon turbo personal snakes dominic joey forget finger beetle jamaica alberto mulder jamie immortal head passat plastic dietcoke spunky suck
long monitor cactus ripper spyder teen patton exigen sticky waters sluts nolimit daniela hollywoo abigail morrison katrina trunks andy assass diana deedee clifford speed mission pickles sailing holmes
bonehead fernando ghbdtnbr charlott delta yomama darren rubber newman faster cumming bertha memphis sylvia open ilovesex maurice hongkong jumper unreal geheim rodney nylons sebastia pentium legion
shalom kennedy brooks movie dream graham curious pacific loulou funtime philly ferret niners orion werewolf milton cantona boeing gilbert abgrtyu pirates sheila french sweets cooldude palmer eternity
lollipop tottenha stocking monique foster irish jackoff biscuit drizzt columbia fossil moomoo makaveli tracey colt45 robinson isabel martini salmon shasta verbatim maniac snapper nasty solomon patriot
standard shaved blackcat asdzxc punkrock raistlin infantry dillon twister ricardo waterloo cjkywt clayton serena oxford maxmax denis flight condor seinfeld silvia biggie maxine musicman ravens teddy
colleen wolfman megadeth velvet butt keeper foxtrot garrett damien anton skywalke gn56gn56 banshee squirrel sunrise rick western grendel sucks roxanne privet frog marlin stone herbert lvbnhbq qazwsxed
blades frosty helena groovy penny butler coolio twilight daytona licker peanuts intrepid trains mollie vanhalen jericho hershey strider lobster punisher zaq123 bottom murray kansas shogun goblin
search ball showtime darwin amadeus suzanne fuckfuck oldman showme getsome obiwan rfrfirf skittles ekaterina whitney maestro anal danni tanker english tarheel fighter thanks hannibal capital newlife
anubis gothic chaos blues cindy roman preston princes brendan slick python richie cody clover delete mirage blood 1q2w3e4r5t6y bentley portland baggins review porter chubby panasonic sandiego sooners
buffy buck tina derrick penelope blackdog harmony fusion dima mature malcolm allen buttons 1a2b3c4d californ safety playtime dagger moscow swallow byteme stimpy lucas turner iverson lester chargers
liquid mushroom cracker dingdong misty nymets bigguy tazman greg nimrod miami crusader bugger stranger dkflbvbh anastasia volume masters monroe doodle collins powder archer gotcha battle slapshot
charly septembe photos knights short angelica nookie milano scarlett stuart damian grizzly scruffy latino kittycat poopie munchkin rammstein barcelon santiago thegame gerard picasso walnut kolobok
blackman wisdom trance quality blade auburn eatshit dusty engine coltrane gorilla wheels katerina tamara postal luther carlo cassidy discover oakland spanking osiris dumbass shaney14 lonestar ping
bridge bingo bender annie stonecol dookie meridian sally megaman racerx rjntyjr sirius firefly griffey women phoebe zaq1xsw2 weezer ledzep lowrider ghjcnj paradox tacobell catalina vertigo halflife
carson sergei shiloh johnjohn sobaka buffett aliens chucky kangaroo jazz josh thompson sinner socrates keyboard stevie trebor finish dark sprint shazam lady national celica hoover frances hotboy
qwerasdf penguins bond rebels fuckface elwood melvin ragnarok bollox lexmark mailcreated5240 lorraine claude rockon dodgeram tacoma romeo wookie prodigy tempest vfhecz flames sebastian colombia bang
kitkat oblivion mystery sithlord molson mustangs incubus smoker window scoobydo rescue bigballs carpet titleist richmond director magnolia celeste melinda wright jimbob golfing kenny bobbie xanadu
tardis blueeyes dixie pooper shaman mersedes springer imagine janine kenwood 123zxc dogg garbage martinez topper roberts lizzie ashton elliott sheena nuttertools mallard analsex shemale mikey asterix
monkeys imperial jimbo cooler grateful gillian peterpan kingston yourmom sleepy gremlin printer hudson pa55word stud freckles birdman aussie esther defiant margarita deadhead polo anime tatyana jackal
frogger bridget research tobias mariners rootbeer blondes donnie weather aspirine frederic photo israel shaolin noodles celine willy willis forgot mandy rogers palace santos ohyeah magnus laurie
creampie ludwig fatass plymouth justdoit assfuck nellie putter broken nopass letsgo bones camel champs lightnin massive camelot bosco deanna gizmodo spidey caliente aezakmi goodtime mypass roller
catherin active pooh payton lonely redalert brucelee smokin porkchop astros aquarius atomic fletcher shopping a1s2d3f4 marian unknown sapphire temple beckham qazwsxedcrfv kaktus myself sooner blacky
hastings blackjac aggies scream picture iforgot kasper cxfcnmt bangkok shitty spectrum eduard jammer painter primus veritas ernest kristi chevrole slappy valley pete hitler clancy spankme granny
avenger usa123 rosemary husker candyman beatrice scrappy falcons front242 harder atlantic smudge syracuse southern melody timmy center throat stuff fatman krishna sanchez pancho gator pacman commando
vulcan bush clitoris lemons 8j4ye3uz boner odessa barkley monopoly method kelley punkin pineappl lesbians gangbang bennett area51 lick flyboy asian spartans tricky romashka snuggles boat infiniti
anders billie life drago blake goose jeremiah vivian annette homerun dead forrest topcat hayden cosworth vectra grover cuddles bossman horndog doberman telefon dawg qawsedrf ivanov durango peugeot
franco plumber bell rbhbkk pauline exigent laguna emmanuel webmaster bowler theking redbull pics viktoria breeze topdog starbuck dalton fuckers hungry beefcake reality gjkbyf speaker shelley godsmack
clarence writer loveit kingpin nokia valhalla starfish anarchy herbie blacks content sailboat desert fitness brando bohica achilles tractor ncc1701a drake hidden kicker labtec napass pa55w0rd frontier
swingers caitlin muppet terror legacy farside terminator matilda kentucky doughboy ramona butthole phillies jrcfyf camels dannyboy oakley nebraska latin double qwertyuio sabbath chang pinkfloy homers
striker looker fallen maryland luckydog azamat iguana oklahoma moloko agent007 vfrcbvrf javier vette daniil command rhonda studio pistol miles skiing franky stoner conrad select tanya houses elliot
charmed vladik nathalie maynard vkontakte ihateyou puppies zidane eileen dilligaf crash mandingo moneys tyrone kotenok mystic budman carlton rafael technics bone stick golfball rookie laptop jennie
triton trojans bunghole zvezda hurrican central stripper dale filter jethro gustav escape igor aberdeen shane lespaul rfnthbyf enterprise butch dthjybrf cutter splash handsome oilers randall nofear
excalibu momoney gbpltw bigger belinda svetik possum moocow brothers bethany keystone flamingo firefox bogdan ccbill soleil lancelot vipers marilyn tdutybq juliet leader madden russian sabina chase
coolman babies skinny zaphod kamikaze verona doobie designer deadman attack vortex killme dogman gopher somethin danila reagan cancel torres freaks azsxdc sassy dracula play poncho bearbear boots
engage deskjet bradford hammers deeznuts warhammer tight justine fabian lewis blueblue marissa oregon bubbas sinatra hilton meatball mailman dawson columbus manchest cthulhu macdaddy mighty michaela
ready sterlin cartoon summit sentinel tolkien bicycle blow beverly breast lickit kathy meghan capone jenna julius wendy bryant truelove helen eatpussy hailey chair bowser sexygirl fernand eleven
rockets billyboy davis jamesbon iloveyo traffic saint redhot microsof miracle microlab gofish pantyhos pilot lifetime mayday aikido nina conner cutlass thekid theodore titties sweden function danie
gang scotch lansing elvira bloody sexx hustler anfield coke smut catman rush bonita tracy sony fast 1234qwe cheers tinman airbus peters azsxdcfv santana hayley station gabrie scottie orioles charlton
saun fortuna dfkthbz rustam warlord retard ultima kong bigmoney rotten grumpy oranges superstar fordf150 asdfjkl xtreme denali selena zxcasd huskies terminal wilbur kristy wildfire vladislav bikini
hollywood mayhem sultan gretchen figaro sixers sparta saratoga models mojo greenbay cancun marlene trinidad tammy chewie feet crunch bigbird mellon bigtime fashion piccolo fabie rjirfrgbde rovers
meatloaf hyperion sandro rightnow jarhead armani miriam hansen natural lisalisa sport bizkit maradona sayang charli rfhbyf utopia anaconda japanese camilla coconut govols emerson memory cosmo cruise
giant ricky dragoon woofwoof giorgi packer poontang illini davids zaqxsw sticks revenge exodus reebok chanel albatros cabbage wally beaner quincy greens richards adriana kenworth down cooter dinosaur
holyshit eeyore movies dana lionking creamy adult tsunami happyday knopka bogart corrado volley chickens orgasm whisper flying walleye hopper twisted chaser memorex ericsson jensen positive crazybab
science frisco dong zorro romance sherwood shania rereirf sausage milana tasha vfvekz profit zenith fugazi junebug clemson polniypizdec0211 tootsie fktrcfylhf comics zxcasdqwe vfczyz werner aspire
hardrock condom cocks rachael gringo anhyeuem madeline becky canon alien harper stocks marcos clapton roberta coleman applepie fubar theresa koshka tundra vitalik arjay gmoney bigsexy pillow fingers
samiam dean skorpion candle nobody hellyeah australi drew rockhard boob easy bears sparkle johanna everest rfrnec hedgehog wolfie surf fart yosemite marisa voyeur baddog brad jazzman dicks tool
1qa2ws3ed slacker steele mikemike wood pooppoop barsik valeria deniska br0d3r fright karolina kirsten vfksirf kume kenshin bootie cyclone starship monty balloon maxell dildo rupert milena bonsai
salvador greatone vernon 50cent slider lillian admiral cecilia stolen albion boys midget fuckin freeporn nikola hithere damnit dinamo francois cheng calico duchess scratch powell stefano fortune
nyjets artemis robotech roadkill backdoor rastaman fiesta felicia alliance fletch jerkoff killbill goliath rambler malaka tekken sojdlg123aljg carrera bangbang jeanette marc fritz ramses shado duster
spank wibble alibaba mechanic keywest sword amsterda hal9000 bristol pingpong rasputin marianne hooter tara rctybz sanders faggot krista presto majestic nguyen fowler passwords buttman spurs pompey
trident viagra kipper kingfish gotohell angie heidi mattie slutty isaiah steeler wrestlin pooter divine route66 clipper charley macross railroad oleg seamus swimmer jokers chico solnce erik kimber
guiness pussie mathew nature matador sparks typhoon hank retired subway slave ivanova ghetto florian vermont tang ktyjxrf lolipop spears yzerman peterson magick phillips cinder nwo4life shearer pupsik
dfkthf allsop city qwer123 grapes pippen belle chad kcj9wx5n dammit barry caveman critter underdog r2d2c3po skydive renault onlyme murder snoopdog jayhawk hotshot caramel broadway kinky theboss
fuckher train trout ding umbrella feather splinter depeche seeker fuckthis respect crysis direct animals chemical cyclops chivas jamesbond blackhaw passpass sinclair team megapass beanie translator
helloo magicman cunts phil fishes supersta giuseppe caligula kill juggalo quattro usmc meredith java wassup rosie bullseye pornos cohiba floppy alucard deacon tabitha kristine tunafish dkflbckfd
kickass vietnam kendall pearl safari gonzo crawford bob123 klingon looser goalie damage maureen west dawn tazmania cigars facial deepthroat malina silence samara dfktynbyf fang cruiser vector tommyboy
banker horizon chainsaw button bigbear forfun abraham astrid carole andres sharky royals misfit yousuck louis fallout scania maxx nudist getmoney budweise song believe brighton absolut kungfu kostya
monaco gunners vfhufhbnf mamapapa minime blueboy penthous chrisbln steph whitey europa jade bertie daphne groucho champ benny grant mirror village trader stroke walrus susanne sabres nipper woman
floyd snowboar undertaker flounder moneyman patty bottle kahuna canadian viewsonic coolguy rules downtown wagner strange fabric trisha italian ybrjkfq cypress eastside sneakers passme topher golfgolf
barber sinbad panasoni craig alfa mybaby skidoo massimo back jillian sparrow senior dalejr thecat snapple mondeo leanne emmitt thanatos z1x2c3 ghjcnjnfr maximum smegma thesims whitesox chong bonkers
poseidon doug johannes gargoyle olivier hambone bluedog intruder sunnyday cyber compute smelly spawn wapbbs answer studly poppy paper simona solution newcastl adonis goodman sexxxx goldstar again
quantum buckshot static titanium erica danzig jabroni library journey beastie chrono dang edwards jane gunnar federico korn custom lance assholes daewoo jess briana watcher albina sunflowe dorian
babyblue premier staples nike stereo westwood usnavy boomboom fresh dharma pisces motherlode multiplelo hang bike sapper scanner marius callaway rover lamont rivers snoop over walmart micheal starfire
theend steel erotica aaliyah doogie renee paintbal paint tyson newbie knickers lokomotiv hotred ufkbyf laurel shawn wasser jessic thirteen rjycnfynby avalanch outkast truman magpie scout poetry
havefun michell cubbies losers hotpussy deejay fghtkm droopy blossom allmine zerocool godfather abby greece reading greene sascha busted ming bimmer original cbr600 anne builder demons nitram pudding
bounce donuts fucku jeanne audia4 aleksey vfvfgfgf leonid smokes mylife beerbeer sims redfish working rodman beaches 1x2zkg8w hairy contact start bogey prissy gegcbr tights insert carla dante beretta
francesc jewels searay padres celeron mittens quartz ziggy diehard micron syncmaster cornell christie stunner rtyuehe hoosier peyton paintball bing monalisa queens terrapin a1s2d3 spongebob buzz
attitude whisky clevelan ling cedric marin barefoot artur chuckles barrett meathead bigass titty gretzky kosmos cfitymrf biggles cambiami thongs blessing what aleksandra twinkle gladiator gollum
southpark rabota mazafaka goodboy carbon scuba tango stoney brent weaver will footbal pianoman gaston casanova traveler clark stumpy hawkeyes clarinet looney maggot felipe bucket eduardo freeze sound
sexyman johnboy dian snapon deeznutz warthog rooney futbol filthy steam carina mustard boricua meowmeow maste mellow sunshin bengals combat whatsup krystal alina prophet loco lovesex twins triangle
booker reefer nickel venice xander strip valencia rhiannon smeghead valeri andromeda 12qwas diver cerberus sputnik groove lambert usarmy more tiberius zigzag sting bean welder radio focus gabriell
candice salamander eternal motley resident hayabusa marcia rambo together rainman poochie purdue redwood ripple buzzard redwing boobie juliette monke hokies phish 1q2w3e4r5 crjhgbjy jagger rockford
shou tuan goldwing brewster bermuda thegreat proxy confused badgirl lola bacardi derek whiskers spaceman starman trial karma claudio 12qw34er allstar carolin gesperrt lynn swords rasta wildman nikolay
kang slinky pinhead hacked sersolution overkill rhfcjnrf mishka montgom240 banane person fester 12345qwe helmet ripken frisky changed higgins trapper piper windsor supreme ib6ub9 kaylee athens norway
runescape oasis jill hurley dbrnjh shun chun darius chip hill midway kool hoosiers vinnie recovery cicero napster lionel amazing tracker laser adrienne roadking menace stoned thedog sacred squash nice
smoking feng illusion woohoo medicine leavemealone bagira megatron reader clown zippy doghouse stacy wild maxim paula bravo buddah jaybird chuckie look dino todd hanna chuang mortgage heineken saleen
rulezzz massage sonics butts motherfucker pobeda kashmir balloons optimus chunky gsxr750 tinkerbell chou shai common starter brewer babyface pants gregor dogfood hardcock deluxe bigmike blackbir
bookworm hampton jeffery salomon godfathe meister angus seahawks talisman eraser collin pissing hawaiian zhong mian michae berger alphabet tricia beautifu misha maryann adams jenn riley really
mortimer tongue century sancho darkman buddie roadrunn pizzas medusa health stalin toledo cubswin dutch lilly beowulf charlene willia pool handyman pacers unique eleanor clouds cgfhnfr breasts chinook
just4me nuts wedding calgary dutchess heckfy ludmila gong nova shell lori because cheater famous delphi cathy wareagle martine gromit sponge ashlee valkyrie glory idontkno smiths mohamed teddybea
killers boxster dragonball babybaby mermaid satana bhbirf foryou qazzaq hong puddin chao shang zhei quan inuyasha stanford peacock assword misery desiree barnes sullivan beamer diggler medical
wishbone circle property ripley thedude fisting alexia beemer jayden gameover redline venera salsero lust fytxrf sergi kittykat spanish sinister vedder gonavy manowar novell lang colonel rancid diao
chrome friendly destroy titten electra polly geoffrey eureka onetime katherine otto lakota claymore hotbox asia banner madina manuela bitchass ruby sporting bartman matthews checkers playing carmel
gabriela dfcbkbq nimbus wrestle jktymrf alexalex preacher gamecube mustafa svoboda circus armagedon alenka z1x2c3v4 leng qing cong zheng park claudi rhtdtlrj pablo thumbs camper doitnow goaway subzero
charity hootie face pissoff jammin beth blackout crow darrell cocaine bcfields skylar rolling loaded milkman lotus davide bigbutt electron johann cheeks silverad lighter pothead gobucks squall
thunderb courage pippin ghostrider antoni kaitlyn neng peng miao teng xuan xiao reynolds cannabis xerxes ipswich ninjas farley lucille pinky jimmie nude annika mitch southpar marika dickie jetski
tdutybz dianne forward jenkins bright absolute musashi ferris iamgod lipstick laurence mandarin quest adults yfnfkmz kleopatra tulips nong piao ruan zhuang chai dirtbike sheba pickup dwayne othello
mari katherin forum sonny rider warner northern cinema cameltoe petrov bluefish fuzzy pheonix iscool secrets elite toon modena bert marsha slippery kissing caravan divorce tank beatle jump akira
sanfran 1qaz2ws cheech badman samtron paloma yang sveta shadows mollydog annabell starcraf ghblehjr vasilisa jameson chuai deng qiao zhou zhun jiang luan sang ying beans slim illinois warning ebony
meat jockey hillary bearcat caprice farscape evan bigtit lassie zappa sander nicol hopeless sheriff carpedie asdfzxcv sherri barton shepherd gatorade keegan high toolman barker spectre pussey nuggets
borussia mantis banzai ariana flexible mullet graphics fyutkbyf mancity templar stories yfcntymrf fergie records thedoors 7ugd5hip2j gawker pussyman skyler elizaveta colton huai seng xiang zhuai guai
monte strength talon rhino susana sonoma mack spinner allan keller webmaste grease augustus raquel alejandro chimera rufus stretch ticket bacchus kendra twenty corsair kinder corleone zhai spice
vampires iomega heater hover ltybcrf artemka xxxpass qiong ting hippie jing reng tian tong deutsch babylove becker speedo brett oceans slapper harvard bonjovi virtual cosmic snuffy blaze sergeant
dragonba stonecold hellos register buttercu huang millions millwall patience chrysler merlot bullfrog latinas istanbul phoeni ashleigh kotaku universal noelle binladen artem shanghai castro ceng chuo
jiong xiong shei meng wraith pierce jayhawks kilroy amateurs dotcom cattle daemon ntktajy barbados renata thoma balance chan nomore pdtplf canyon kayla mets pulsar baron marker chippy nightmare
monarch hamish aubrey reds knockers dipshit alexey malone athlon hubert vadim everett napoli myname belly cobalt counter dialog augusta smokie cristian coolness cougars screen criminal hardware
ramones bobdylan ning capslock rong zaraza ciccio teddybear alisha gfhjkmgfhjkm chui liang pian niao gadget shiner laurent fulham missouri carlitos dwight helene halifax dogshit entropy coldbeer
silent lost silly netscape boom edgar county deep freeway syzygy andromed media wings brigitte yeahbaby yolanda eldorado hollow crack eastwood gunther paranoid anita sexyboy soulmate gooner drunk
persik lesley geneva microphone kakashka 50spanks fgtkmcby mclaren spread geng shuo zhui duan nuan qiang weng shuang bamboo brittney fastball creature cards just4fun fuckyo hack smashing foot
washington arlene baggio carlito hopeful astro hondas snooker sophi redbird bigblue dynasty mephisto trainer iceberg shitface fountain specialk estrella some generic buddyboy stevens arcadia manning
nikitos piramida violetta q2w3e4r5 maxxxx zang shutup thing suan heritage liao browning homerj tiburon obelix kris chopin insomnia hooper promise cygnus theater romero jelly plasma kissmyass here
submit budapest jayson sexysexy jorda citizen sahara pinkfloyd stroker pavlov pasword amigo heynow arturo fight ventura sandwich fraser yummy homeboy royal testpass gamecock magician female wildcard
magazine telephon bigfish tripod kuai lazarus cleo licking dundee 1a2s3d4f brodie misfits slavik rochelle sleeper seeking pringles butcher patric nanook vsjasnel12 darklord loveless radiohea cang shao
sheng guang shuai xing karin hughes giorgio maxime sphinx reckless triple baldwin taxman orient desmond married zhjckfd mordor hunt romano jiggaman ramsey officer lovebug classics hooligan georg
bolton scrabble jezebel major jellybea shock drakon seadoo mexican pharmacy lena abnormal patrice concorde alfredo cdtnbr puffy islander chantal jakejake yjdsqgfhjkm bunnies bushido kazantip verizon
maksimka dupont crusher jiao zong pang premium wg8e3wjf corey 426hemi goat channel hole cthtuf arrow meagan tootie bounty kfhbcf kirsty howdy ramrod sweetnes bummer corolla andersen blond race darryl
senator ferguson donovan 123456qwe thelma dynamite gertrude doomsday rhjrjlbk hjccbz players mariposa ozzy excalibur marcello buttfuck moore samsun masamune zhao niang zhuo darlene bessie brains north
attila clowns chestnut woofer model 1qa2ws moses someone lindros tiny dottie civic a1a2a3 anthrax lilian imation beacon tripper vsegda fullmoon spiker sporty force pornporn citadel jacobs volcom
dynamo amerika bombers burrito inspiron forsaken spock mallory lantern nextel goirish haggis callum violin lollypop insanity placebo creation glacier stepan zander dabears katarina iloveme sexxxy
moonbeam webber gonzalez tiao dogger pecker stiffy senators create wingman pumpkins windsurf ernie mick watch jarvis zephyr fishman dell reddevil wanted sheridan nichole bronze concord rjhjktdf kellie
baker zalupa killkill avenue asddsa bunker wrench paddle cobain shanna poopy broker mouth woodland yvette suicide vanguard aviation exotic heat stanislav superb q1q2q3 fergus mihail vfibyf mobydick
icu812 sausages tuning ganesh anastasiya nevermind presiden faithful kerstin vfitymrf varvara happiness 1z2x3c robotics zuan nang shui normal deer bigcat tech temppass onetwo postman weird highheel
aloha cigar puss stylus gobears duckie stratus thong pippo conover soprano jingle polopolo dolly pepito piazza radical alone boxer reload evolution grande tipper battery dogcat drive kirby candace
digimon bombay mariana sowhat lips download fandango kamila popper gore beng rang bian cuan lenny mypassword louie earnhard simmons airport snappy angelika fishin boxers icehouse qqqqq1 cramps basset
dogboy hall abstr softail santa killjoy fischer electro mygirl delilah nutmeg christma kittens krusty script zaqxswcde bigboss flores guyver coach praise prowler harvest latina clit moreno erin spikes
jubilee shan choice yugioh toaster gorgeous namaste carnage yong zeng biao heng keng kuang alissa nigga dayton chriss niceguy magelan almond club bumper partner marty spongebo erika judy ghosts hookup
bigben wifey carmex2 enrico starstar gilles chillin superma radiohead havana lumber pistons viktoriya gameboy robot santafe holidays jennife mckenzie reddwarf cascade kidrock pinball isaac banger
arrows platypus foxy 1z2x3c4v abrakadabra doofus passes shanti barron marianna longbow services heroes mankind stasik jets beardog longjohn glenn garion live juanita honolulu nygiants busty install
niceass string boozer astra abbott puffin dogbert queenie muscles highway visa cottage compton steffi romans beerman windmill guitars freebird slamdunk snowflak tasty delight nights biology emilia
bronson frost irishman badgers state bergkamp pixies training playstat milk oatmeal mudvayne airwolf season lottie dudedude jackjack johndeer zildjian magnet vjcrdf hammond ramirez mang aptiva anai
qwer12 gidget stop kjkszpj manolo bruiser chilly medion josephin jared paulina fishbone edison caught gasman pocket moondog charter camila impact tbone bigblock rudy towers krypton hallie jefferso
pelican altima clippers getout compass kimmie chambers paulie spoon sucking albany toffee theatre pavel climber marlon micro thisisit armand aladin monkeybo comfort epsilon idunno stress hounddog
pallmall kate webhompas monsters picturs sairam cobras ballin comanche landon severin whiteout roadster basebal drifter easton werder norwich stubby stefanie clay gene ellie versace food visual
heinrich record bowwow ellen undertak hookem anastasi fiction medic colnago booster festival zzzxxx coolcool qwe123qwe sinned foreve squeeze mazdarx7 anthon diving shocker hewlett cross sutton
choochoo defense fidelio welcom lithium kisskiss cbr900rr british franc kings lovelife hellboy chipmunk saiyan bluebell federal trust format kjrjvjnbd ctrhtn hollie celeb fuckinside kirk washingt
tkbpfdtnf sensei smirnoff mydick spam macbeth cabron guess pipeline clyde dalshe mortal fishhead gustavo vintage pigeon carver gypsy konstantin beta freefree newcastle krasotka komodo juicy punk
starligh flyfish carman 81fukkc manila olesya salome lowell torpedo switch motion sharp toejam puppet buceta koroleva lineage michaels redrose close yogibear redbaron codered frogman tatarin azazel
moskva freesex president news mykids bitter highbury tranny redfox achtung spotty survivor program prayer transit sanity seagull flanker cocker wanderer fuckhead zodiac isabell costello virgil nutter
rockies irinka washburn upyours kelvin lemonade chilli bearcats itsme gravity chevys solitude cocksuck minerva deeper ohshit vera rober slowhand tommie ross jsbach lorena dinara paradigm lilith
nostromo borabora arkansas savanna presley bologna terminat habibi contest sushi markiz sigma bdsm blam fantasia mildred underground cnfybckfd ghbywtccf bigbob joel slater comedy marti grand georgie
wildbill smart kent larissa gilligan blast hornets brain berkeley birgit maggi armstron corndog hilary troy 123qwer lane piggy destin tropical sundevil shinobi horace gagging hurricane volkswag wasabi
nurses zanzibar reilly angelus chinese sissy sunfire tonight sonia sneaky report coventry gtnhjdbx sekret 45m2do5bs undead qazws madcat hotone eastern 123ewq daniele lasvega amorcit wasted sidekick
yfnfkb revolver cleopatr nfytxrf jermaine gbhfvblf kalina everlast hopkins nitro south nation tinkerbe lamer boating glass bluesman weston leroy physics 12qw12qw paolo quentin messiah hitachi marjorie
krissy shawna conan woodie troll groups spikey fatty villa denmark stephan birddog cyborg keenan tokiohotel straight nautilus kieran rubble highlander redeye justus firefire from schmidt longdong
boiler margie suckers waffle khan sonata lopez there skyhawk joebob armada reflex threesom americ goten loud ghjcnjgfhjkm sisters valentine yuan cole bighead matthias changes descent fenway taco
eggman aaaaa1 jonny dogface bowman irishka shibby antonia astral nudes teenage enterme thecrow andyod22 score complete rivera belmont tigge junkie fredrick daniels vickie bennie skinner razor umpire
fearless citroen rollins sluggo torino antelope marseille aramis emilie gryphon malachi viewsoni yeah marble reptile chandra kille dindom evangelion handball barselona draven sandrine sprinter
fyfnjkbq stinker palmtree sonyericsson hotties rampage seabee chick gordo bigpimp question boytoy quasar carpente amand pasadena biatch benoit glock coldplay expert castor deadly fairlane elcamino
callisto glamour datsun studman hanson mentor tomahawk shamus gladiato diaper keisha styles squeak cayman runaway dentist skip fantomas thewho zippo castillo luck arianna honeybee papito yamahar1
holycow ukraine doors wildwood skibum gambler helper malice karachi excite toilet corinne morton johngalt sweetness options loretta mcdonald sf49ers palermo playa lambda gideon matthe medved cheshire
superior ministry trinitro pebble bismillah elefant capricorn harlem nikolai vendetta bobdole biker margarit bigpoppa ijrjkfl asimov dominik limited vitamin calibra zarina perry iforget glasgow shrimp
antares antonina jamess hetfield warez bigones cutiepie chapman bolitas dimas nonenone bestbuy papillon baritone knock stream sleep stephane freefall vjqgfhjkm show priest jules mischief rogue hate
foxylady flip ernesto dominion macman enforcer devo 3x7pxr parol tophat megane dungeon leedsutd f00tball mingus skillet robins twiggy bitchy giggles remingto alberta ducks rfvfcenhf book otis derparol
quebec emperor buste synergy older asdqwe mamamia cleopatra rosario finland modern carnival dmitriy coolcat ghjuhfvvf knuckles mahler kayleigh klaste notused bigdawg grinch chips letmei slugger mental
harddick brand bozo paco kojak tabasco chelse spud rico keepout kokomo firefigh addison blowfish hugo samira sexylady sevens stacie dimples post tuna alexandre whiteboy films cromwell magneto kernel
carroll minemine acmilan wp2003wp sanford referee lakeside polish screamer calimero portal kfgjxrf conway rockie dfktynby francisc swinging cygnusx1 trucking obsidian auditt oxygen roswell tower
papers popova giovanna thecure bigbang lfybbk pizdec zoloto marijuana kimball jaguars kordell1 kerouac stryker ksusha maple choke cassandr moonligh fenris duffman blueball bigbooty cars wrestler
salope sexxy dinner building mopar cecile fishfish paramedi capricor robocop rimmer hardone 4ever evil nomad nuclear asgard series advent universa jorge kestrel spanner guido cheddar lalakers acura
cherries anchor yoyoma darkangel aspen bahamut whistler smackdow galant bukkake leopold option strawber susanna bookie crusty qwedsa extra transfer breanna mothers clarissa peachy prozac bootys
argentin bricks slimshady dkflbr nokian73 krolik joshu korova johncena magpies pictures cevthrb suckmydick spanker dogpound impreza notebook prospect bettina gymnast jktxrf seneca ksenia rudolf
marquis huge daylight tribal zack johndoe hejsan jeannie lemmein salem petrova clutch django sexgod sexxx capetown ratman vlad fortress canucks virus chocha serpent wallet telephone eggplant camero
roofer nazgul cardiff fktyrf pufunga7782 factory budweiser alanis marseill janelle wealth addict goodgirl timeout wolfpac camden tenchi godlike turnip beaker repair nbvjatq vehpbr southpaw sylveste
redhat wingnut patrol magellan vampir assasin aikman trailer mariya taekwondo sonyfuck style llamas clifton irene punch noname goldfing jumbo helmut maveric ricard antony marcius2 ballet pentagon
sawyer gina pearson hotgirls flasher tracer boater shoes peppe cornwall goodie devon benito butters sixpack mandrake earthlink lookout slammer venture gagged onion truth aries lakewood loveya dogwood
moonshin ring wyoming suburban challeng olympus volkov opendoor commande hoops jonathon seymour ashle oreo murzik navigator right gratis myrtle native trip twelve hellokitty arctic fkbyjxrf rasmus
wormix millenium radar gerrard goth asians camaross bluejays gaell lekker qazxcv borders davies midnite lloyd beater whatwhat optimist damon gotmilk clock decker larkin road loren redskin hung bremen
enternow bimbo hattrick aaasss 1a2s3d dejavu markie screw 2fast4u daddyo bordeaux 12345qwer blaine rough alchemy hott real ilovegod solaris proton links cardinals marriage disco peggy spence fanny
coming swedish espresso auggie vbkfirf dougie p4ssw0rd richar noway nightwish saigon holes jocelyn gsxr1000 platon ghhh47hj7649 speedway devin leeds timosha roadrunner ironmaiden mackie supernov
delfin toriamos ceasar trans oberon vjkjrj capecod glow nevets mamacita derf sandie jaime longer cowgirl stigmata munch gonzales alena shag nineinch waterboy klondike finally bomb spiral boulder
odyssey amigos somerset pain burns mulligan krokodil explore lawson charon peeper redcar fellow ambers sloppy savior moron q2w3e4 hardball azertyui republic patch canuck romantic vauxhall angelic
emilio doggies advance around spoons rfntymrf almighty deputy tosser stratfor mississippi suckdick eating intercourse closer lenochka marijuan globus sterva limewire terefon coors suslik steaua
bledsoe greedy iriska htubcnhfwbz zasada sandr beezer funstuff evgeniy bball patrici cuervo printing pastor funky theforce chiquita strap yessir daman beech streets wxcvbn holein1 maserati berry
qqqwww geezer coral cabernet joecool nastia egghead doris sheepdog terrell jomama kane armando hairball christa aileen clarke insight afrika vancouve tender grandam brady luciano alcohol sheep idefix
cyprus trees scheisse mooney ambrose hoffman pimpdadd baltimor jennaj norbert call jaeger mash4077 watford davinci mizzou gocubs square pigpen houdini jewish tomas kirkland ophelia riccardo another
rodeo bonanza lhfrjy sigmachi revolution firenze selina absolutely lback ghbrjk rfhnjirf cvthnm colonial toolbox hunte ringo bongo azert junk banan howell liliana medina riders elway7 ilikepie
toonarmy laddie footjob kronos eskimo wolfen barley bigdicks dabomb cashmone monic lolol myxworld audio kristian samoht dominiqu joemama gabber toocool ariel twinkie zxasqw marcelo darkange persona
scrapper delaware progress cafc91 kurt shuttle gabriele smoothie slimshad franks norris yasmin outside hottest cumslut tripleh mann starr morales vqsablpzla pathfind trace elisabet doit evolutio
fishon books flicks velocity ranch annmarie gthcbr biggun dolemite vagabond outback sexo woodstoc macleod plastics javelin bootsy aolsucks c2h5oh sofia redbone klizma rachelle petunia pumper all4one
mohawk lobo billabon rockin ncc74656 baylor koolaid granada allegro alinka nevermore mikael p0o9i8u7 forgetit beloved breaker honeys reginald sheeba wives dukeduke archange metroid minimoni wizards
hellsing rocknrol fabio zaqwsxcde wanking awful morrowind friendster irving goodday modelsne bumble nataly juliana cirrus samm nittany dogbone storage punker purpl futurama esquire homemade kiteboy
herewego bedford dirk lonesome boxcar pornking blackbird dickens climax gotribe bleach cheeky cucumber vipergts awnyce jeepster harbor acidburn harald calling dingo fireblad christi pinnacle shodan
fallon deniro dudeman harrier jellybean buffet mariner foolish wildone peterbil allgood fields salami bugs estelle lighting butkus elvisp homework russel donner doktor tycoon cement ottawa bigguns
lillie fellatio emmett kiwi barfly baracuda flipflop raleigh singapor sperma maxdog opennow thedon sedona sixty terra blunts linkin lander alisa crackers doubled warhamme proview masterbate status
females flamengo behappy lfitymrf qwe321 starwar snowbird corwin azzer lagnaf navyseal carebear protect kamasutra bastards delmar musical deaths metall steffen wiseguy pimping whiplash lara adriano
boyz hatred reserve draco rainyday mercede grin stafford mone motor ontario stang gardner jakarta shonuf clovis drum gotham jughead golfgti dooley sand nightmar wetter comein meadow chessie marshal
phyllis mutant dingle chelle nautica haley camber dragonfl senna bigjohn heels stickman sambo hiziad sexybitch puppydog 5wr2i7h8 deville pacino paragon pointer tarpon sprout durham wheeler spliff sick
rockwell vfntvfnbrf meliss narnia eleonora lefty chewy payday alleycat ambrosia drums linden phialpha exchange rage lokiloki tarakan cartoons bungle contract kolokol daisydog penetration laetitia
gohome pushkin leigh gianni wordup orchard adrenalin goldeney luckyone tuscl escalade gerbil blanca widget fyutkjxtr touching sites pookey 1q2q3q charisma inlove rainbows grass kolbasa newark bootsie
interne raphael rated cleveland henrik roll jenifer cocksucker point dragster bismarck cambridg cliff honor buzzer supra treefrog kerry reason frogs treetop catcher dicky xantia daisey siobhan lister
dome strelok auto gamma jello hawkins 123456789qwe prosper pitch stan workout walton catnip trauma sebring michal nounours kittie burning driller thierry lumina speakers brennan rabbits colin
buttercup neon atticus puzzle mallorca delaney burn checker jabber melrose zyjxrf normandy ariane dbnfkbr bambi wilder killa masterp playball scamper wonderful signal base benessere freee getting
smackdown melons pandas chains asdffdsa melina sexybabe cannibal fosters beethove burner nthvbyfnjh meow malaysia azertyuiop bynthytn aprilia venom meier shen pavement stockton peppers tantra guillaum
redd manny caster readers mooses worthy royalty rita segblue2 hansol gumby enrique body paulpaul gannibal earl compact frosch skylark hallowee kenobi kittys andrews terrier dirt farm marbles ticklish
frenchy offshore jazzy sexyone algebra hyundai hotass sexman olive leinad farmboy middle clement amethyst letsdoit gofast thrasher plato soul ride notredam candyass hannes spooge systems gatsby
junkmail ladder uptown shower chill karine matty airman volleyba stayout abacab blanche buckley bouncer bettyboo shauna manga muslim ilikeit constant longhair their kaboom elmira amatory q1w2e3r
navajo alcatraz olenka mynameis larson sephiroth panter casio summers 1qazxsw23edc nikolas rugger sparkles skinhead sonysony snicker pancakes pilgrim ananas contra sheldon generals grisha montecar
briggs ploppy radeon sergbest talbot pathetic errors springs needles restart stock hiking auckland jimmys pearls billbill hazard capitals pizzaman fitter biit tazz ulysses jehovah stitch itisme
delpiero wind neville nico 1234rewq virginie alive grunt emil octopus tampabay ratboy gabby playmate dfcbkbcf carrots istheman jarrett yamato rumble ilovepussy wonderboy montrose dunlop werdna
cassandra clemente tralala collie swoosh dreamcas track sliver londo cocoa rfgecnf rollin painting makaka thebear zxcvb123 lockdown blacklab riffraff legs kahlua fidelity alexi winger edmonton
pressure streaming amstel supernova fujitsu fluff samanth panic napalm camil blubber tujhrf gatit titts camping cable babycake budgie dani vfndtq hewitt spot frederik motocros rustydog pinetree duffer
ollie benton tetsuo glasses nestor feelgood cola cleaner smirnov roxy dummy loose maximo iceland tigercat citation blitz icecube burnout puck twist asses noel panhead adelina hanuman sunlight cupoi
bigtruck phat rolex exeter kingking lilbit rhubarb morten custer buford papamama mouser bowtie perkins toast betsy jefferson serious elements zapper harriet cummins semper herring accept bucky lemans
winona finder treble stellar saskia doreen chavez furball asd222 corner titfuck salman bagpuss darina francine redstar revoluti sniffing chouchou quick gareth usmarine dresden malish planes videos
enters nympho pajero left4dead booyah conquest delldell brest eunice momdad slonik nursing bismark lol12345 met2002 garnet bonner gogators cashmoney blobby dimitri 3ip76k2 fabienn iklo cyrano crappy
volcano eatmenow renato goodyear budd spoiled kamilla hogtied lunchbox mantle piercing makayla cyrus mufasa beau boobear town rudeboy riversid hemlock onions holger scissors hound crescent erection
libero hair entrance fduecn weare138 italiano matchbox ramjet acapulco mohammad trek weiner lebowski ridge surprise shampoo loverman monk abracadabra duane dnsadm fisherman toomuch athome whatthe
someday dan123 celebrity madagaskar marcin valery forlife mindy azrael alain dreaming hardy hfytnrb macintos tennesse hardwood pride invest mariam rhfcfdbwf ronaldinho masterbating discus fabulous
sextoy instant duckman caracas begemot parlament migue sylvie nadia vegitto requiem misiek altoids rhinos liliya dragonballz retire these hellas rfhfvtkmrf capcom rjhjkm kicksass dental hores harman
sharpe lookin poptart jeter2 pugsley gamble hawks gladys granite sqdwfe goldeneye interest harmon melani zach spleen alfonso jeeper natedogg emanuel locks lizzy menthol pharao alterego fick bauhaus
alexxx brook jerk cbr900 vaughn pong ibrahim mogwai owen aol123 benjami nicky adelaide smurf skirt nineball shady mafia tiamat aircraft bama having dipset logger mamas gerry trenton altair jingles
mallrats backbone clever stanton dipper innocent unlock donjuan harle termite 49ers missie diamon encore forbes follow trash freestyle zerozero shovel matisse anonymous laserjet leeann parkour
waterman ballsack bluejay shakur welkom dangerous ghjcnbnenrf hacking flyer information babybear highlife raduga favorite aisan probes sucked ljxtymrf becca trinitron beat clips thumb desktop things
supersonic blueberr satchmo natalya pooky victori legos glover boroda tamerlan 1qw23er4 chamber qwerasdfzxcv mariel bathing chess mangos rapper darkone pokemo douche redwine ismail humphrey justi
maximka cashflow implants juniper grayson bobmarley shojou gramma princesa bendover giggle cloudy gotenks sopranos larsen kappa worker spark placid downer screwy amiga hillbill aaaa1111 simons mortis
leland binder border chemist oral gone carlisle protocol dynamic talks tuxedo cook amature triplex dudes turbos edge ringer joke grimace jarrod socce feathers nemrac58 riddle xian wonderfu surgery
bourbon dickdick bite annaanna pimpdaddy baura commander helsinki basil 8inches cyclones bong macaroni pollux funk motown fiddle thebeast marauder rodrigo oyster listen fruity chachi hand gizzmo
blinky prime hancock lennox corinna frisbee lancia sapphic homepage dimadima womans pinkie cheerleaers shopper josiah redheads weller scouts photon garlic greywolf estrell diva ghjcnjq alvaro egorka
rfhfylfi reeves picks reloaded holla mierda gigabyte flvbybcnhfnjh korean karaoke sashka godbless allday pro100 jurassic experienced thebest nimitz trigun coolhand kcchiefs dicker baboon barefeet
1111qqqq jesper belkin zoomzoom madcow greedisgood
`

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(LIST.trim().split(/\s+/))

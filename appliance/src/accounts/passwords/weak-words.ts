/**
 * Words that people build passwords from, lower case, as found again and again in leaked lists: the policy refuses a
 * password that is only one or two of these with digits and signs around them. Written by hand, by kind.
 */
const LIST = `
securitydevpassword pass password passwort passwd passcode passphrase motdepasse contrasena parola wachtwoord senha haslo lozinka salasana
admin administrator root superuser sysadmin user username guest test tester testing demo default login signin logon
secret private secure security dev development production staging master owner operator system server service support
welcome hello hallo hola bonjour ciao letmein openup opensesame sesame access entry change changeme changethis newpass
temp temporary trustno trustme iloveyou loveyou ilove loveme mylove forever always never nothing something anything
everything whatever whocares idontknow dontknow please thankyou goodbye goodluck goodmorning computer internet website
network wireless wifi router modem gateway firewall windows linux ubuntu debian android iphone ipad samsung google
gmail yahoo hotmail outlook facebook instagram twitter youtube netflix amazon apple microsoft oracle cisco huawei
raspberry raspberrypi arduino jetson nvidia intel home house haus casa maison homebox smarthome homeassistant lares
guardian camera cameras webcam kasa tapo tplink alexa siri doorbell garage garden kitchen bedroom living
qwerty qwert qwertz qwertzu azerty qwertyuiop asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm yxcvbnm qazwsx qaz wsx edc
qazwsxedc wasd abc abcd abcde abcdef abcdefg abcdefgh xyz aaa bbb xxx zzz qqq poiuytrewq lkjhgfdsa mnbvcxz
one two three four five six seven eight nine ten zero hundred thousand million first second third
january february march april may june july august september october november december
januar februar maerz juni juli oktober dezember janvier fevrier mars avril juin juillet aout septembre octobre
novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
jan feb mar apr jun jul aug sep sept oct nov dec
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo
spring summer autumn fall winter fruehling fruhling sommer herbst printemps ete automne hiver verano invierno otono
today tomorrow yesterday morning evening night midnight day week month year newyear christmas weihnachten xmas easter
halloween birthday holiday vacation weekend
god jesus christ christian lord heaven angel angels angela devil satan lucifer hell demon blessed faith grace hope
church bible buddha allah mohammed muhammad maria holy spirit
love lover lovers lovely loving heart hearts sweet sweetie sweetheart honey baby babygirl babyboy babe darling princess
prince queen king kingdom sexy beautiful pretty cutie cute kiss kisses hugs dear dearest amour amore liebe schatz
mama papa mommy daddy mother father mom dad mum brother sister family friend friends bestfriend girlfriend boyfriend
wife husband grandma grandpa son daughter uncle aunt cousin children kids
dog dogs doggy doggie puppy cat cats kitty kitten horse horses pony tiger lion bear wolf fox monkey dragon dragons
eagle falcon hawk dolphin dolphins shark sharks panda rabbit bunny mouse snake spider turtle elephant zebra giraffe
butterfly bird birds chicken duck ducky phoenix unicorn panther jaguar cheetah leopard cougar bull bulls buffalo cobra
viper scorpion penguin parrot hamster beagle poodle labrador rottweiler bulldog
red blue green yellow orange purple pink black white brown gray grey silver gold golden rainbow violet crimson scarlet
schwarz weiss rot blau gruen gelb rouge bleu vert jaune noir blanc rojo azul verde negro blanco
sun sunshine sunny sunflower sunset moon moonlight star stars stardust sky skywalker cloud rain storm thunder
lightning fire flame ice snow snowball snowflake water ocean sea river lake mountain forest tree flower flowers rose
roses lily daisy tulip orchid earth world planet galaxy universe space cosmos comet mercury venus jupiter saturn neptune
uranus pluto apollo zeus athena hermes hades odin thor loki freya ares atlas titan
football fussball soccer baseball basketball hockey tennis golf golfer rugby cricket volleyball swimming running
skate skater skateboard snowboard surfer surfing boxing wrestling karate ninja samurai judo racing racer nascar
formula ferrari porsche mercedes bmw audi volkswagen volvo toyota honda nissan mazda subaru ford mustang chevy chevrolet
corvette camaro dodge jeep lexus tesla lamborghini bugatti yamaha kawasaki suzuki ducati harley davidson motorcycle
arsenal chelsea liverpool manchester united barcelona realmadrid madrid juventus milan inter bayern dortmund schalke
ajax benfica celtic rangers everton tottenham yankees redsox cowboys steelers packers eagles patriots raiders lakers
celtics bulls warriors giants dodgers cubs tigers lions broncos dolphins
beer whiskey vodka wine tequila champagne coffee tea chocolate cookie cookies candy cupcake cake pizza burger cheese
cheeseburger bacon banana bananas strawberry cherry blueberry raspberry peach peaches mango lemon melon pineapple
pepper ginger vanilla cinnamon peanut butter pancake noodle potato tomato carrot pumpkin sugar brownie muffin cocacola
pepsi sprite fanta
batman superman spiderman ironman hulk wolverine deadpool joker robin catwoman captain america marvel avengers
starwars startrek jedi vader darth darthvader yoda luke leia solo chewbacca matrix neo trinity morpheus gandalf frodo
bilbo aragorn legolas hobbit sauron potter harry harrypotter hermione dumbledore voldemort hogwarts gryffindor
slytherin pokemon pikachu charizard naruto sasuke goku vegeta sonic mario luigi zelda link nintendo playstation xbox
minecraft fortnite roblox warcraft starcraft diablo counterstrike callofduty halo doom quake gamer gaming player games
game simpsons homer bart mickey minnie donald goofy disney snoopy garfield scooby scoobydoo tweety barbie elsa frozen
rock rocker rocknroll metal metallica nirvana slipknot beatles elvis queen eminem tupac rihanna beyonce madonna
shakira bieber onedirection blink greenday linkinpark guitar guitarist drummer piano music musica musik dancer dance
dancing singer hiphop reggae marley
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald
steven steve paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
nicholas nicole eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander alexandra patrick
frank raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter
christian keith austin roger terry sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce
gabriel joe logan alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip
eugene mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret
ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy
kathleen shirley emma brenda pamela catherine anna christine samantha debra rachel carolyn janet virginia heather
diane olivia julie joyce victoria ruth lauren kelly christina joan evelyn judith andrea hannah megan cheryl jacqueline
martha gloria teresa sara madison janice kathryn julia sophia sophie charlotte amelia ava mia isabella alice natalie
hans peter klaus wolfgang juergen jurgen stefan andreas martin markus uwe bernd dieter manfred monika ursula petra
sabine renate helga ingrid claudia silke katrin heike anja lukas leon finn jonas felix moritz luca marco giovanni
francesco alessandro matteo lorenzo giulia chiara carlos luis miguel antonio francisco manuel pedro diego carmen
dolores pilar lucia ana pierre jean jacques michel philippe nicolas camille julien antoine marie claire ivan dmitri
sergey olga natasha svetlana tatiana vladimir boris ahmed ali hassan fatima omar yusuf mehmet ayse wang zhang chen
max maxi maximus sam charlie buddy bailey rocky lucky lucy molly bella sadie maggie sophie chloe daisy toby rusty
cooper duke oscar oliver milo simba nala luna rex bruno rocco pepper smokey shadow ginger tigger precious princess
london paris berlin munich muenchen hamburg vienna wien zurich amsterdam madrid rome roma lisbon dublin newyork york
boston chicago dallas denver houston texas california florida hawaii brooklyn jersey michigan montana arizona nevada
vegas lasvegas canada toronto montreal vancouver mexico brazil brasil argentina england scotland ireland wales france
germany deutschland spain espana italy italia portugal switzerland schweiz austria poland polska russia china japan
tokyo india mumbai australia sydney africa europe america american
student teacher school college university doctor nurse lawyer police soldier army navy marine marines airforce
military sniper hunter hunting fishing fisher pirate cowboy warrior soldier killer slayer assassin hacker hackers
boss chief chef captain champion winner winners hero legend legends magic magical wizard witch vampire zombie ghost
monster beast power powerful strong muscle freedom liberty peace justice victory success money dollar dollars cash
euro bitcoin crypto rich diamond crystal jewel treasure lottery jackpot casino poker blackjack ace joker
new old good bad big small little hot cold cool great super mega ultra best better happy smile smiley lucky crazy mad
funny fun stupid idiot dumb loser freak geek nerd rebel outlaw gangster gangsta thug player pimp bitch fuck fucker
fuckyou fuckoff shit asshole dick pussy sex porn boobs
the my me you your mine our his her and for with this that is am are it its in on at to of no not yes
box key keys door lock gate code pin token phone mobile number word words letter name office work business company
corp manager finance sales market marketing account accounts bank banking credit card data database backup cloud
office project client customer public internal external remote local domain mail email web site page blog shop store
`

/** Lower-case words, each once. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(LIST.trim().split(/\s+/))

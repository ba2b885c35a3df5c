//! What ordinary words tell about a contact, by language: lists by meaning. Knows no platform and no order
//! of words.

use parlour_guest::list::Gate;

use crate::lexicon::{Lists, Meanings, Stems, begins};

/// Calls to write, add, find or go: an order, a proposal or a promise, by its form alone.
pub const CALL: u32 = 1;
/// The same in languages whose forms say less; what stands before decides.
pub const CALL_LOOSE: u32 = 1 << 1;
/// Says that somewhere is better or possible.
pub const BETTER: u32 = 1 << 2;
/// The writer or what is the writer's.
pub const MINE: u32 = 1 << 3;
/// A word for the name that one has on a platform.
pub const NICK: u32 = 1 << 4;
/// Stands between a platform and a handle, or a handle and a platform, and says nothing.
pub const BETWEEN: u32 = 1 << 5;
/// Leads to a place.
pub const PREP: u32 = 1 << 6;
/// Stands between a call and a place, and says nothing.
pub const FILL: u32 = 1 << 7;
/// Goes on after an invitation.
pub const AFTER: u32 = 1 << 8;
pub const NEGATION: u32 = 1 << 9;
/// Stands before a call of [`CALL_LOOSE`].
pub const BEFORE: u32 = 1 << 10;
/// Of work on platforms: bots, advertising, programming.
pub const WORK: u32 = 1 << 11;
pub const UNDERSCORE: u32 = 1 << 12;
pub const DOT: u32 = 1 << 13;
pub const DASH: u32 = 1 << 14;
/// Said for `@`.
pub const AT: u32 = 1 << 15;
/// No handle, however it is announced.
pub const STOP: u32 = 1 << 16;
/// The same as something known already.
pub const SAME: u32 = 1 << 17;
/// An order to tell one's contact.
pub const GIVE: u32 = 1 << 18;
/// Parts of technical names.
pub const TECH: u32 = 1 << 19;
/// Digits and numbers in words: a phone number follows, which another plugin finds.
pub const NUMBER: u32 = 1 << 20;
/// Begins "lower dash" and the like.
pub const LOWER: u32 = 1 << 21;
/// A call that comes after the place, in languages with that order.
pub const CALL_LAST: u32 = 1 << 22;
/// No name follows: a person who has mentions.
pub const EVERYBODY: u32 = 1 << 23;
/// Here, in this place.
pub const HERE: u32 = 1 << 24;

/// Leads out of this place.
pub const OUT: u32 = 1 << 25;

/// Describes a platform without its name: a colour, a picture, a ban.
pub const HINT: u32 = 1 << 26;

/// Said for `#`.
pub const HASH: u32 = 1 << 27;
/// Said for `:`.
pub const COLON: u32 = 1 << 28;
/// Tells how a name is spelled, or is part of what does.
pub const SPELLING: u32 = 1 << 29;

/// Asks or tells where.
pub const PLACE: u32 = 1 << 30;
/// A platform is one.
pub const THING: u32 = 1 << 31;

static WORDS: Meanings<2236, 168, 257> = Meanings::new(LISTS);

const LISTS: &Lists = &[
    ("где де where où", PLACE),
    (
        "app application appli réseau network приложение приложении приложения \
         мессенджер мессенджере мессенджера месенджер месенджері соцсеть соцсети соцмережа соцмережі \
         соцмережу сеть сети мережа мережі застосунок застосунку додаток додатку messenger букву літеру letter lettre прилага апка соцсетке",
        THING,
    ),
    (
        "синий синее голубое зелёное зеленое синем синяя синей синего голубой голубом голубая голубого зелёный зелёном зеленый зелёная зелёной \
         зеленой зеленого фиолетовый фиолетовом фиолетовая фиолетовой запрещённая запрещённой запрещенная запрещенной \
         экстремистская экстремистской синій синьому синього зелений зеленого \
         фіолетовий фіолетовому заборонена забороненій blue green purple violet bird ghost camera clock paper livre \
         banned forbidden appli application app avion бумажный бумажном réseau pink yellow приложение приложении \
         приложения мессенджер мессенджере мессенджера мессенджеру месенджер месенджері соцсеть соцсети соцмережа \
         соцмережі соцмережу сеть сети мережа мережі застосунок застосунку додаток додатку photo oiseau fantôme gamer gamers gaming blurple паперовий паперовому самолёт \
         самолетик самолете літачок розовый network plane pic picture book zuck zuckerberg russian russe русский русском русского фиолетовое голубую зеленом зеленая зелёного фиолетового голубому зеленому фіолетового заборонену геймеров самолёте жёлтый желтый жовтий розовой",
        HINT,
    ),
    (
        "пиши пишите напиши напишите напишешь напишете отпиши отпишитесь черкните \
         стучи стучите стучись стучитесь стукни маякните набери наберите звони звоните позвони \
         позвоните звякните добавь добавьте добавляй добавляйте добавляйся добавляйтесь добавьтесь \
         ищи ищите найди найдите найдешь найдёшь найдете найдёте находите поищи поищите переходи переходите \
         перейдем перейдём переходим перейди перейдите переезжаем \
         уйдём уходим давай давайте го гоу пойдем пошли айда \
         спишемся созвонимся созвон свяжемся свяжитесь связывайтесь \
         обращайтесь обращайся общаемся обсудим продолжим \
         договоримся поговорим скинь скиньте скидывайте \
         скину скинул кинь киньте кину кидай кидайте отправь отправьте отправляй отправляйте отправлю вышли \
         вышлите вышлю пришли пришлите присылайте пришлю перешли жду ждем ждём подпишись \
         подпишитесь подписывайся подписывайтесь заходи заходите загляни загляните приходи приходите \
         присоединяйтесь лови ловите отвечу отвечаю пишу напишу пишем \
         щелкни добавлю найду свяжись добавься находи черкни переедем пообщаемся \
         пойдемте перейдёмте ответьте ответь вбей вбейте введи введите забей забейте глянь гляньте зайди зайдите приглашаю вступай вступайте отпишите чиркни стукните маякни звякни перебираемся переберемся переберёмся уйдем пойдём спишись спишитесь связывайся продолжаем поболтаем скидывай присылай перешлю присоединяйся пойдёмте перейдемте спишусь подключайся подключайтесь",
        CALL,
    ),
    (
        "пишіть напишіть надішліть надсилайте скиньте киньте телефонуй телефонуйте дзвони дзвоніть \
         подзвони подзвоніть шукай шукайте знайди знайдіть знайдеш знайдете додай додайте додавай \
         додавайся перейдемо переходьмо переходьте переходь \
         зв'яжіться \
         обговоримо чекаю чекаємо підпишись \
         підпишіться підписуйтесь підписуйся заходьте заходь стукайте звертайтесь \
         відправте відправлю надішлю відповім відповідаю зустрінемось домовимось \
         поговоримо набирай набирайте спишемось зв'яжемось зв'яжись переходимо надсилай підписуйтеся надішли знаходь додавайте додавайтесь перейдімо ходімо спишемося зв'язуйтесь зв'язуйтеся зв'яжемося поспілкуємось поспілкуємося спілкуймось продовжимо стукай ловіть звертайтеся звертайся відправ домовимося напишемо шукатимеш відпиши відпишіть маякніть",
        CALL,
    ),
    (
        "пише жаз жазыңыз жазыңызшы жазып жазам жазамын \
         хабарласыңыз хабарлас қосыл ізде іздеңіз табасыз табыңыз тауып \
         чыгыңыз \
         жіберіңіз жибериңиз өтіңіз кіріңіз кириңиз кир жазыныз жазыш жазыгыз жазгыла хабарласыныз хабарласайық хабарлашыңыз қосыңыз изде табасың жиберіңіз жібер",
        CALL_LAST | FILL,
    ),
    (
        "pishi skin naidi ishi pishite napishi napishite perejdem pereydem davai davay skinu stuchi naydi dobav ishchi",
        CALL,
    ),
    (
        "ждать чекати писать связаться списаться зв'язатися общаться обсудить продолжить договориться написать спілкуватися написати перейти переехать уйти позвонить созвониться скинуть отправить прислать кинуть перейти зв'язатись скинути переписываться поговорить \
         text message msg write ping dm pm hmu hit contact reach call add find follow catch chat talk continue move \
         switch discuss let's lets join buzz shout drop search slide send carry take shoot speak messaging lemme hop jump meet dms give пообщаться спілкуватись обговорити продовжити подзвонити перебраться переместиться надіслати побеседовать",
        CALL_LOOSE,
    ),
    (
        "écris écrivez ecris ecrivez écrire contactez contacter ajoute ajoutez ajouter rejoins \
         rejoignez rejoindre retrouve retrouvez cherche cherchez trouve trouvez passe passez passons passer continue \
         continuons continuer parle parlons parler discute discuter échange échanger \
         appelle appelez appeler envoie contacte écrivons envoyez envoyer joins joindre viens venez suivez abonne bascule \
         dm mp go vas-y contact tape tapez réponds rep ecrire continuez discutons échangeons echange abonnez basculons allons parlez contactons",
        CALL_LOOSE,
    ),
    (
        "связь связи зв'язок чаще онлайн лучше удобнее проще быстрее можно могу можем удобно краще зручніше зручно простіше швидше можна можу better \
         easier faster quicker prefer mieux plutôt предлагаю предпочитаю хотите хочешь звязок частіше пропоную давайте-ка",
        BETTER,
    ),
    (
        "мой моя мое моё мои моем моём моего моей меня мне мной я свой свою своя мій моє мої моєму мого мене мені мною my \
         mine me i'm im mon ma mes moi je j'ai i менің менин мени мені мага маған our наш наша наше наши нас мною us nous \
         notre moi menya moy moya",
        MINE,
    ),
    (
        "юз ник ника нику ником нике никнейм никнэйм нік ніком ніка нікнейм юзернейм юзер логин логін \
         nick nickname nik username handle handles pseudo псевдоним id ид айди айді айдишник аккаунт акк акаунт \
         аккаунта профиль профіль профиля tag тег тэг login identifiant user юзерка никнейма юзернэйм логином логіном названию слову niknejm usernames pseudonyme pseudos айдішник snapcode",
        NICK,
    ),
    (
        "собаки собачки starts begins починається начинается commence everywhere слово word везде всюди partout вбейте вбей введите введи наберите набери забейте забей глянь гляньте і зайди зайдите подписан подписана підписаний это є це is it's its are c'est cest there там под підпис по як как as under name named called зовут звать имя имени \
         именем ім'я імені вот ось also тоже теж мой моя моё мое мій моє my мне меня мене для связи here \
         тут c est sous le la nom in в у на on sur via через account compte аккаунт профиль контакт контакты \
         можно найти знайти можна задом наперёд наперед навпаки наоборот backwards reversed reverse search then потом then писать писать так пишется записан \
         указан або или или or ou and и та й et сам сама обычно \
         username at ищи ищите поищи find look lookup add cherche cherchez ajoute ajoutez шукай \
         шукайте знайди найди найдите пиши пишите напиши напишите пишіть добавь добавьте додай написать мене мой \
         the it номер то есть такой такий вроде если что якщо що just просто im i'm i am je suis \
         моего моим ником ником ніком ник нік nick pseudo username id handle латиницей латиницею латинкою латинскими английскими англійськими \
         англ буквами буквам букв літерами літерах літер клавишами слитно разом letters dots spaces lettres épelle личный рабочий \
         новый актуальный запасной второй новий perso pro business personal work new main \
          мастера студии магазина менің менин деген you can reach me us деп сонда звати искать шукати после слеша слэша після скісної after après",
        BETWEEN,
    ),
    (
        "в во на у по через до к on to via in by through over sur par en from із з из with using v na",
        PREP,
    ),
    (
        "напрямую напряму только тільки лишь сам сама зі зо со мною со мной мне нам лучше сразу туда пожалуйста плиз пж просто тогда там уже сейчас или и а то же все всё ко ка вам \
         тебе вас нас меня мене мені краще одразу туди просто будь ласка тоді вже зараз тобі нам вам me us you it this that the \
         conversation chat over there please pls up out my our your talk talking discussion directly \
         instead just message messages msg quick moi nous vous te le la un une message conversation échange discussion \
         directement plutôt ça ca tout lieu ensuite vite se on общение переписку переписка \
         разговор листування фото фотки фотографии видео адрес адресу номер \
         детали тз файл файлы чертёж чертеж размеры смету реквизиты контакты контакт пару слов \
         сообщение смс мой моё мое свой свою наш a line text shout ring hello hi hey bonjour привет личный прайс отзывы примеры портфолио работы каталог эскиз эскизы чек счёт счет договор акт план схему видос замеры точку список скидку личке лс приват личку лс дірект ли \
         маған мага сюда обсудить общаться продолжим продолжить обсудим перейдем перейдём \
         перейти переехать спишемся созвонимся детали подробности details \
         photos pictures pics photo les des photos to сегодня завтра вечером утром ок окей всегда быстро \
         быстрее обычно still anytime тоже вместе с тобой you move go take switch continue за по поводу этому этого \
         вопросам друзья до в continuer passer parler discuter échanger plz chatting cela диалог розмову спілкування локацию фотку картинку приватных личных сообщениях лічку пообщаться списаться связаться деталі подробиці détails также вопросу друзі",
        FILL,
    ),
    (
        "там туда пожалуйста плиз пж лучше если и или а но когда чтобы я мы по как завтра сегодня вечером утром будет быстрее \
         удобнее проще договоримся обсудим спишемся скину пришлю отправлю покажу отвечу дам расскажу ок хорошо \
         потом сразу мне нам общаться продолжим для с за ладно да плз так тут то он этот неудобно \
         краще якщо і або та але коли щоб ми завтра сьогодні ввечері буде швидше зручніше обговоримо надішлю будь \
          там туди please pls if and or when later tonight today tomorrow instead there it's its so for \
         because to then i i'll we me it is ok okay thanks thx asap anytime stp svp si pour plutôt on c'est ce demain \
         et ou mais je ça ca directement aussi merci quand plus vite car вот здесь тогда кстати ещё еще via with",
        AFTER,
    ),
    (
        "ni не ні нет нельзя нету без not don't dont never no pas without sans cannot can't cant isn't won't avoid никогда \
         запрещено запрещен запрещён запрещены запретили заборонено вместо замість нікому стоп хватит \
         перестань against нельзя незачем бессмысленно forbidden banned interdit \
         didn't doesn't wasn't couldn't jamais емес жоқ жок заборонений перестаньте прекратите",
        NEGATION,
    ),
    (
        "буду будем всего всегда можно могу можем предлагаю давайте давай лучше удобнее хотите хочешь хотела хочу вам тебе мне я мы или если надо нужно готов готова готовы сможете сможешь как может быть можете можешь просто тогда удобно будет проще быстрее здравствуйте привет добрый день вечер да ок хорошо с вами тобой где куда можна можемо краще зручніше хочете і а й то б бы что чтобы чтоб щоб предпочитаю свободно mind please pls just can could you u may might should want we to then better and or also always feel \
         free so let's lets i'll ill i we'll gonna going either let me us prefer easier rather happy ok okay hi hey hello \
         sure yes yeah now but would like if your thanks great perfect cool shall do go need best \
         way is faster move take hmu on se tu vous peux pouvez peut moi nous le la lui les pour svp stp merci \
         plutôt bonjour et ou alors si je mieux de n'hésitez hésitez hésite pas à a préfère \
         salut ok oui d'accord viens veux va allez voulez puis donc mais well dispo super parfait nickel easy send \
         questions any anytime details info for interested s'il plaît best how i'd id rather that's tu te on se хотел сможем пропоную plz wanna simply quickly gotta easiest hesite hesitez prefere aller further plait we'd",
        BEFORE,
    ),
    (
        "бот бота боты чат-бот канал канала каналы каналов каналу каналах \
         реклама рекламу рекламы рекламе рекламой таргет таргета продвижение ботов ботом каналом канале настройку разработку интеграцию интеграции подписчики контента паблик webhook продвижения продвижению \
         раскрутка разработка разработки интеграция api \
         настройка настройки настроить настрою настроил smm смм пост посты постов контент \
         магазин магазина группа группу группы группе групп сообщество \
         подписчиков рассылку рассылки рассылок уведомления дизайн оформление \
         лендинг виджет кнопка кнопку кнопки иконка иконки сторис reels рилс рилсы shorts ads \
         ads bot bots channel channels marketing campaign campaigns community group groups integration widget button icon \
         icons page pages widgets stories posts post content followers subscribers manager management development \
         developer баннер надпись подпись banner slogan headline caption bouton titre notifications business бизнес реклами канали групи групу спільнота \
         дописи сповіщення просування publicité campagne chaîne groupe page pages notifications \
         abonnés développeur gestion boutique shop аккаунты охваты premium \
         web mini apps app apps sdk pixel server сервер сервера сервере клиент клиентов клиента \
         desktop скрин скрины скрине рекламный рекламные заявки crm боту ботами чатбот чатбота чатботов апи контентом паблика паблики сообщества подписчик рассылка уведомлений уведомление оформления сториз баннера розробка розробку налаштування розсилку campagnes développement intégration аккаунтов премиум десктоп скриншот заявок",
        WORK,
    ),
    (
        "подчеркивание подчёркивание подчеркивания подчёркивания підкреслення underscore underline podcherkivanie підкр андер андескор",
        UNDERSCORE,
    ),
    (
        "under снизу внизу астыңғы астыңкы знизу нижнее нижний нижнє нижня нижняя lower bas basse low nizhnee астынғы төмөнкү",
        LOWER,
    ),
    (
        "крапочка точечка точка точку точкой тчк крапка крапку крапкою dot period point дот tochka нүкте чекит krapka точкою крапкой нукте",
        DOT,
    ),
    (
        "дієз диез шарп хеш pound hashtag hash dièse diese решетка решётка решітка хештег хэштег ґратка грати sharp",
        HASH,
    ),
    ("двоеточие двокрапка colon deux-points", COLON),
    (
        "через вместо замість слитно латиницей латиницею латинкою латинскими транслитом \
         транслітом attaché разом склей склеить склейте collé collés пробел пробела \
         пробелов пробелы пробіл пробілу пробілів space spaces gaps espace espaces dots точек точки крапок points плюсов плюсы собаки собачки дефисов дефисы hyphens pluses звездочки звёздочки зірочки stars slashes dashes слов слово \
         словом mot word together между між entre between accents скобки скобок дужки brackets crochets quotes points lower lowercase букв буквы буквами буквам літер літерами lettres клавишами un",
        SPELLING,
    ),
    (
        "прочерк дэш слэш слеш дефис тире минус dash tiret trait barre hyphen палочка палка линия дефіс риска сызық сызык score пробел space рисочки черточка чёрточка черта черты риска",
        DASH,
    ),
    (
        "ат aat собака собачка собачку собаку собакой сабака равлик равлика песик arobase arobas arrobase arroba sobaka \
         собачкой собакен arobaz эт ет гав равличок",
        AT,
    ),
    (
        "com net org www http https html who whose while without within along across daily monthly comments stickers emoji badge says said style size price prices free order orders job jobs work team teams project website site sites web code data file files list test tests sale sales news deal deals day days week weeks hour hours month months year years minute minutes time times people person man men woman women kid kids guys friend friends family home house office street road city town car shop money cash card bank pay paid payment budget help info details question questions answer answers quote offer offers delivery service services product products item items support review reviews rating video videos picture pictures image images music song book books the a an and or but if is are was were be been am has have had do does did will would can could should may might \
         this that these those it its he she they we you your yours my mine our their his her not no yes on in at of for \
         from with by to as so too very here there now then when where why how what which who whom all any some every \
         only just also already still again more most less than both each few many much other another same such \
         please pls thanks thank thx ok okay sure hi hello hey bye dear today tomorrow tonight yesterday \
         morning evening later soon anytime asap once after before until while during because since instead rather \
         better best easier faster good great nice fine cool perfect bad broken down off out up over again working \
         work works worked private public blocked banned closed open empty full new old business premium account \
         accounts profile page pages group groups channel channels chat chats call calls video voice message \
         messages text texts number phone photo photos link links bot bots app apps web api ads ad post posts story \
         stories reels shorts live feed shop store pixel server servers client clients customer customers \
         user users username name handle login password support admin manager team marketing campaign content design \
          developer developers development integration software desktop mobile android ios iphone \
         google apple microsoft amazon wordpress shopify stripe paypal python java javascript react node telegram \
         whatsapp viber instagram facebook tiktok linkedin twitter youtube discord skype signal line snapchat pinterest \
         vk max messenger threads and twitch meta yandex zoom slack teams trello figma email mail gmail online \
         offline status story filters filter like likes follow followers subscribers want need send \
         get got make use using used know think see look let go going come take give find help ask tell me us him them \
         i'm i'll i've don't doesn't isn't can't won't one two three first last next back away really actually always \
         never usually often maybe probably directly if available busy free inbox stuff thing \
         things anymore either instead though however hacked deleted installed linked connected missing pending coming loading crashing working broken active \
         word words unique costume curtains fasteners description saw sent lol dog cat babe bro honey underscore met seen found btw",
        STOP,
    ),
    (
        "aux clients quelqu sans selon cette quelle quels dès peu tard vite demande info devis prix photo le la les un une des du de et ou mais si est sont était sera suis es être ai as avez ont pas plus moins \
         très trop bien mal ici là maintenant demain hier soir matin midi après avant pendant pour par sur sous dans avec \
         sans chez vers entre je tu il elle nous vous ils elles on ce cet cette ces mon ma mes ton ta tes son sa ses notre \
         votre qui que quoi dont où quand comment pourquoi merci svp stp bonjour salut bonsoir oui non ok aussi alors \
         donc car même tout tous toute toutes encore déjà toujours jamais rien chaque autre compte comptes page \
         groupe message messages vidéo photo photos appel numéro lien boutique publicité client clients marche plutôt \
         directement possible dispo disponible bloqué privé pro gratuit ça ca moi toi lui compris",
        STOP,
    ),
    (
        "такой тот same же такий той même meme одинаковый один этот этим цим тем самий самый сол ошол pareil само таке саме тому самим такое",
        SAME,
    ),
    (
        "drop send leave share пришли пришлите кидай кидайте скажи напиши напишите дай дайте скинь скиньте кинь киньте подскажите скажи скажите оставь оставьте надішліть give share donne donnez дам кину скину give залиште",
        GIVE,
    ),
    (
        "id token api key url name first last message text file data update get set secret page app type time \
         date chat user client bot send test db sql json env config log error code status field table column index \
         value max min size height width color background border font path dir src img image video audio node list \
         item items total order orders product price payment handler function class param \
         const int request server host port login password pass session \
          package import export main route view model models v2 v3 py js ts html css \
         php rs go md txt jpg png pdf doc docx xlsx csv zip rar mp4 psd svg ai heic dwg \
         cdr fig sketch exe final copy new draft version logo banner scan export import backup \
         template source medium campaign dev stage pixel tag events script style layout head body",
        TECH,
    ),
    (
        "плюс ноль нуль восемь вісім девять девятьсот семь сім восемьсот plus zero zéro eight nine seven six five four three double oh \
         huit neuf sept nol vosem sem один два три четыре пять шесть номер deux trois quatre cinq sept",
        NUMBER,
    ),
    (
        "all here everyone everybody channel admin admins administrator support moderator help team group \
         модератор админ администратор поддержка все всем всех підтримка tous bot manager",
        EVERYBODY,
    ),
    (
        "профиле профілі объявлении оголошенні аватарке аватарці profil profile bio здесь тут сюда ici here this осында ушул here сайте сайті",
        HERE,
    ),
    ("вне мимо пределами обход поза outside off hors минуя помимо", OUT),
];

/// Whether a word is one for an underscore that is cut short or misspelled.
pub fn is_underscore(word: &str) -> bool {
    const BEGINNINGS: &Stems = &Stems::heads(
        "подч подчёр подкр підкр undersc undesc underl ундерс андерс soulign lowdash",
    );
    const OTHERS: &Stems =
        &Stems::heads("подчеркн подчёркн подчин подчищ underscored underscores underlin underli");
    // Their first letters, and the third or fourth of the common ones.
    let may = match word.as_bytes() {
        [0xd0, 0xbf, _, _, _, c, ..] => matches!(c, 0xb4 | 0x87),
        [0xd0, 0xb0, 0xd0, 0xbd, ..] | [0xd1, 0x83, 0xd0, 0xbd, ..] => true,
        [b'u', b'n', b'd', ..] | [b's', b'o', b'u', b'l', ..] | [b'l', b'o', b'w', b'd', ..] => {
            true
        }
        _ => word == "нп",
    };
    may && (begins(word, BEGINNINGS) && !begins(word, OTHERS) || word == "нп")
}

/// What a text without the name of a platform may be a contact or an invitation by.
const TELLING: u32 = NICK | AT | OUT | HINT | UNDERSCORE | LOWER | COLON;

static TELLS: Gate<64> = tellers();

const fn tellers() -> Gate<64> {
    let mut gate = Gate::of(&[]);
    let mut n = 0;
    while n < LISTS.len() {
        if LISTS[n].1 & TELLING != 0 {
            gate = gate.or(Gate::parted(LISTS[n].0, b' ', b' '));
        }
        n += 1;
    }
    gate
}

/// Whether a word may tell of a contact without the name of a platform.
pub fn tells(word: &str) -> bool {
    let elided = |n: &usize| word.as_bytes().get(*n) == Some(&b'\'');
    let rest = (1..3).find(elided).and_then(|n| word.get(n + 1..)).unwrap_or(word);
    TELLS.may_hold(rest) && meaning(rest) & TELLING != 0
        || begins(word, heads!("ниж"))
        || is_underscore(word)
}

/// What a word of a folded text means; 0 when it says nothing.
#[inline(never)]
pub fn meaning(word: &str) -> u32 {
    let bits = WORDS.find(word.as_bytes());
    if bits != 0 {
        return bits;
    }
    // French elides: `m'écrire` means what `écrire` does.
    let elided = |n: &usize| word.as_bytes().get(*n) == Some(&b'\'');
    let rest = (0..3).find(elided).and_then(|n| word.get(n + 1..));
    let rest = rest.or_else(|| word.strip_suffix("'s"));
    rest.map_or(0, |rest| WORDS.find(rest.as_bytes()))
}

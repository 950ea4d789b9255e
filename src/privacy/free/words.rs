//! The words of keys, in small letters without accents, with blanks between them.

/// Words, and several words as one, that name something of a person. An `s` behind a word makes no difference.
pub(super) const PERSONAL: &str = "
    email mail emailaddress mailaddress courriel correo epost eposta posta epostadresse sahkoposti
    phone telephone mobile cell cellphone tel telefon telefono telefone telefoon puhelin handy mobil
    mobilnummer movil celular cellulare portable msisdn fax whatsapp gsm telefonnummer rufnummer handynummer
    firstname lastname fullname givenname familyname middlename surname forename maiden initials nickname nick
    username nachname vorname familienname prenom nom nome cognome sobrenome apellido nombre voornaam
    achternaam naam imie nazwisko jmeno prijmeni fornamn efternamn namn fornavn etternavn efternavn
    navn etunimi sukunimi nimi isim soyad soyisim cardholder
    dob yob birth birthday birthdate birthplace dateofbirth birthyear born geburtsdatum geburtstag geburtsort geboren
    naissance nacimiento nascimento nascita geboortedatum fodselsdato fødselsdato fodelsedatum
    syntymaaika urodzenia dogum
    address addr street addressline streetaddress strasse straße hausnummer adresse anschrift direccion
    domicilio endereco indirizzo adres adress rue calle rua ulica straat postcode postalcode postal zip
    zipcode plz cep city town stadt wohnort ville ciudad cidade citta line1 line2
    gender sex geschlecht sexe sexo
    ssn socialsecurity socialsecuritynumber sin nino nin bsn cpf curp dni nie nif nric pesel aadhaar aadhar itin iban
    passport passportno passportnumber passportid reisepass ausweis personalausweis ausweisnummer pasaporte passeport
    passaporto passaporte idnumber idno idcard identitynumber identitycard identityno nationalid nationalnumber
    nationalidnumber personalid personalnumber personalcode personnummer taxid taxnumber taxno taxpayerid
    steuernummer steuerid codicefiscale documentnumber documentno docnumber docno driverlicense driverslicense
    driverlicence driverslicence drivinglicence drivinglicense licencenumber licensenumber cedula rut";

/// Parts of longer words that name as much: `customeremail`, `shippingaddress`.
pub(super) const STEMS: &str = "
    email phone address surname firstname lastname passport birth telefon adress vorname nachname apellido geburt
    aadhaar";

/// The same in scripts that are written without blanks, or in other letters.
pub(super) const WIDE: &str = "
    姓名 氏名 名前 名字 苗字 名称人 电话 電話 手机 手機 携帯 邮箱 郵箱 邮件 メール 住所 地址 生年月日 生日 出生 身份证 身份證 护照 護照
    이름 성명 전화 휴대폰 이메일 주소 생년월일 여권
    имя фамилия отчество фио телефон почта адрес рождения паспорт снилс
    ονομα επωνυμο τηλεφωνο διευθυνση الاسم اسم هاتف عنوان بريد ميلاد טלפון כתובת";

/// Words at the end of a key that tells something about the rest, and not the rest itself.
pub(super) const FACTS: &str = "
    verified verification verify validated valid check checked checks status match matched matches matching confirmed
    confirmation count counts type kind template enabled disabled opt optin optout in sent required provider country app
    os device platform version source format hash md5 sha1 sha256 uuid at timestamp score result results error errors
    language lang locale bounced domain carrier method attempts limit list file field length visible index
    order locked changed updated created login seen step screen page flow policy prefix space server notification
    notifications alert alerts campaign channel";

/// Words at the beginning of a key that asks something.
pub(super) const ASKING: &str = "
    is has have needs need requires require required allows allow allowed uses use verify verified check checked send
    sent show skip hide enable enabled disable disabled confirm confirmed";

/// Who has a first and a last name.
pub(super) const PEOPLE: &str = "
    name user customer client applicant person owner holder patient member driver contact legal billing shipping
    guest buyer seller payer tenant employee candidate student parent guardian";

/// What has a name and is nobody.
pub(super) const NAMED_THINGS: &str = "
    product plan company business organisation organization org app application file event campaign project team flow
    host server store shop brand model env environment domain service package source template queue job role group
    country bank school employer merchant vendor supplier agency firm institution department division office branch site
    website page form field key item sku category tier level metric test workflow process task stage step rule policy
    region zone cluster node bucket database db table column schema index class type tag label channel integration
    provider plugin module version release build feature flag experiment variant segment cohort list program course
    device screen widget theme font image photo report currency unit color colour size code path folder directory
    entity tenant re sub config setting param parameter variable function method resource system network";

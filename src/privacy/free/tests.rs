//! Corpora: invented references of which none is masked, and personal values of which all are.

use proptest::prelude::*;

use super::{PersonalKeys, is_mask, masked};

fn shown(key: &str, value: &str) -> String {
    masked(key, value, &PersonalKeys::usual()).into_owned()
}

/// A reference as integrators make them.
fn reference() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,24}",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "[0-7][0-9A-HJKMNP-TV-Z]{25}",
        "[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}",
        "(user|acct|order|cust|applicant|T|INV)[_-][0-9]{1,12}",
        "(cus|acct|pi|vs|req)_[0-9A-Za-z]{14,24}",
        "(order|case|inv|kyc)-(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])-[0-9]{4}",
        "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])-[0-9]{4}",
        "(19|20)[0-9]{2}[/-][0-9]{4,8}",
        "v?[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}",
        "[0-9]{1,9}\\.[0-9]{2}",
        "[0-9A-Za-z_]{21}",
        "(eu|us)-(west|east)-[1-3]/[0-9]{4,12}",
        "https://shop\\.example/orders/[0-9]{4,12}\\?(session|order|page)=[0-9a-f]{4,32}",
    ]
}

fn email() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,9}(\\.[a-z]{1,9})?(\\+[a-z0-9]{1,5})?@[a-z]{2,12}\\.(com|de|co\\.uk|example)",
        "[A-Z][a-z]{2,7}%40[a-z]{3,9}\\.example",
        "[a-z]{2,8}＠[a-z]{3,9}\\.jp",
        "[А-Я][а-я]{2,8}@[а-я]{3,8}\\.рф",
        "[a-z]{2,8}<U\\+200B>@[a-z]{3,9}\\.net",
    ]
}

fn phone() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\+[1-9][0-9]{6,13}",
        "\\+1 \\([2-9][0-9]{2}\\) [2-9][0-9]{2}-[0-9]{4}",
        "\\+49 1[5-7][0-9] [0-9]{4} [0-9]{3,4}",
        "\\+33 [67]( [0-9]{2}){4}",
        "\\([2-9][0-9]{2}\\) ?[2-9][0-9]{2}-[0-9]{4}",
        "[2-9][0-9]{2}[-. ][2-9][0-9]{2}[-. ][0-9]{4}",
        "1-800-[2-9][0-9]{2}-[0-9]{4}",
        "0[1-9][0-9]{1,3}[ /-][0-9]{6,8}",
        "0[67]([ .-][0-9]{2}){4}",
        "00[1-9][0-9] [0-9]{3} [0-9]{7}",
        "1[3-9][0-9][- ][0-9]{4}[- ][0-9]{4}",
        "0[789]0-[0-9]{4}-[0-9]{4}",
        "[6-9][0-9]{4} [0-9]{5}",
        "8 \\(9[0-9]{2}\\) [0-9]{3}-[0-9]{2}-[0-9]{2}",
        "<U\\+202A>\\+1 [2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}<U\\+202C>",
    ]
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        "(19[0-9]{2}|20[0-2][0-9])-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])",
        "(0[1-9]|[12][0-9])[.](0[1-9]|1[0-2])[.]19[0-9]{2}",
        "([1-9]|1[0-2])/([1-9]|[12][0-9])/19[0-9]{2}",
        "(19[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])T00:00:00(\\.000)?Z",
        "([1-9]|[12][0-9]) (March|Mar|Juli|août|Dezember|Oct) (19[0-9]{2})",
        "(January|Sept|Dec)\\.? ([1-9]|[12][0-9])(st|th)?, 19[0-9]{2}",
        "19[0-9]{2}年([1-9]|1[0-2])月([1-9]|[12][0-9])日",
    ]
}

fn naming_key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "name",
        "first",
        "last",
        "first_name",
        "lastName",
        "full-name",
        "FIRST NAME",
        "customer_name",
        "surname",
        "nameOnCard",
        "email",
        "E-Mail",
        "userEmail",
        "customeremail",
        "mail",
        "phone",
        "mobile_number",
        "tel",
        "contactPhone",
        "dob",
        "date_of_birth",
        "birthDate",
        "BirthPlace",
        "address",
        "address_line_1",
        "billingAddress.city",
        "street",
        "zip_code",
        "ssn",
        "SSN",
        "passport",
        "passportNo",
        "passport_id",
        "id_number",
        "idNumber",
        "national-id",
        "tax_id",
        "Vorname",
        "nachname",
        "geburtsdatum",
        "prénom",
        "téléphone",
        "adresse",
        "nombre",
        "apellidos",
        "correo",
        "teléfono",
        "cognome",
        "姓名",
        "電話番号",
        "メールアドレス",
        "имя",
        "фамилия",
        "дата_рождения",
        "user_first",
        "driversLicense",
        "metadata[email]",
        "username",
    ])
    .prop_map(str::to_owned)
}

fn neutral_key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "client_reference_id",
        "order",
        "note",
        "user_id",
        "plan",
        "plan_name",
        "productName",
        "company_name",
        "shipped",
        "first_order",
        "last_login",
        "email_verified",
        "phone_check",
        "is_mobile",
        "email_id",
        "filename",
        "hostname",
        "ref",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_reference_is_masked(key in neutral_key(), value in reference()) {
        prop_assert_eq!(shown(&key, &value), value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_email_is_masked(key in neutral_key(), value in email(), before in "(see |mail: |\\(|)", after in "( please|, then|\\)|)") {
        let masked = shown(&key, &format!("{before}{value}{after}"));
        prop_assert!(is_mask(&masked) && masked.starts_with(&before) && masked.ends_with(&after), "{}", masked);
        // Behind the first letter of either part nothing is left.
        let rest = &masked[before.len()..masked.len() - after.len()];
        prop_assert!(rest.chars().filter(|c| c.is_alphanumeric()).count() <= 2, "{}", masked);
    }

    #[test]
    fn every_phone_is_masked(key in neutral_key(), value in phone(), before in "(call |T: |)", after in "( now|, then|)") {
        let masked = shown(&key, &format!("{before}{value}{after}"));
        let bare = masked.replace("<U+202A>", "").replace("<U+202C>", "");
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        prop_assert!(is_mask(&masked) && digits <= 2, "{}", masked);
        prop_assert!(masked.starts_with(&before) && masked.ends_with(&after), "{}", masked);
    }

    #[test]
    fn every_date_is_masked(key in neutral_key(), value in date(), before in "(born |on |)", after in "( in Ulm|, then|)") {
        prop_assert_eq!(shown(&key, &format!("{before}{value}{after}")), format!("{before}••••{after}"));
    }

    #[test]
    fn whatever_stands_under_a_naming_key_is_hidden(key in naming_key(), value in "[A-Za-zäÄ王小ß0-9]{1,12}( [A-Z][a-z]{1,9}){0,2}") {
        prop_assert_eq!(shown(&key, &value), "••••");
    }

    #[test]
    fn queries_and_objects_are_looked_into(key in neutral_key(), name in "[A-Z][a-z]{2,9}", email in email()) {
        let url = format!("https://shop.example/back?order=42&firstName={name}%20X&ok=1");
        prop_assert_eq!(shown(&key, &url), "https://shop.example/back?order=42&firstName=••••&ok=1");
        let json = format!(r#"{{"plan":"pro","user":{{"first":"{name}"}}}}"#);
        prop_assert_eq!(shown(&key, &json), "••••");
        let list = format!(r#"["{email}"]"#);
        prop_assert!(!shown(&key, &list).contains(&email));
    }

    #[test]
    fn nothing_panics_and_what_is_masked_stays_so(key in "\\PC{0,12}", value in "\\PC{0,60}") {
        let once = shown(&key, &value);
        prop_assert_eq!(shown(&key, &once), once);
    }
}

#[test]
fn values_by_hand() {
    for (key, value, wanted) in [
        ("", "ann@example.com", "a•••@e•••"),
        ("note", "ask ann@example.com or +1 415 555 0132 first", "ask a•••@e••• or •••• 32 first"),
        ("", "415-555-0132 415-555-0199", "•••• 32 •••• 99"),
        ("", "order-2024-11-05-0001", "order-2024-11-05-0001"),
        ("shipped", "2024-11-05", "••••"),
        ("shipped", "2024-11-05 12:33", "2024-11-05 12:33"),
        ("created", "2024-11-05T12:33:10.123456Z", "2024-11-05T12:33:10.123456Z"),
        ("amount", "1 234 567", "1 234 567"),
        ("amount", "12345678.90", "12345678.90"),
        ("ip", "192.168.100.200", "192.168.100.200"),
        ("phone", "4155550132", "••••"),
        ("order", "4155550132", "4155550132"),
        ("email_verified", "true", "true"),
        ("email", "true", "true"),
        ("name", "", ""),
        ("name", "[redacted]", "[redacted]"),
        ("name", "O", "••••"),
        ("", "members+4012@example.com", "m•••@e•••"),
        ("", "Büro-Zürich/4012", "Büro-Zürich/4012"),
        ("", "pkg@1.2.3", "pkg@1.2.3"),
        ("", "Ann Example <ann@example.com>, Bo Li <bo@x.org>", "a•••@e•••, ••••@••••"),
        ("", "ann@x.de!bob@yes.de", "a•••@••••••••@y•••"),
        ("", "ann@localhost", "a•••@l•••"),
        ("", "<ann@example.com>", "a•••@e•••"),
        ("", "o'brien@example.com", "o•••@e•••"),
        ("", "\"ann example\"@example.com", "a•••@e•••"),
        ("", "phone=4155550132&plan=pro", "phone=••••&plan=pro"),
        ("", "٠١٥١-٢٣٤٥٦٧٨", "•••• 78"),
        ("", "{\n\"dob\": \"x\"}", "••••"),
        ("", "{\"plan\": \"pro\"}", "{\"plan\": \"pro\"}"),
        ("", "12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012"),
    ] {
        assert_eq!(shown(key, value), wanted, "{key}: {value}");
    }
}

//! What of a request tells of a person, so that no answer may bring it back.

use crate::identity::params::Form;
use crate::privacy::Scrubber;

/// Parameters whose values are personal whatever they look like.
const PERSONAL: &[&str] = &["provided_details", "metadata", "return_url"];

/// The fewest digits of what may be a phone number, a birth date or the number of a document.
const LONG_NUMBER: usize = 7;

/// Knows what is personal in `form`. References, ids and keys of metadata are when they look so: an answer is to name
/// the others.
pub(super) fn scrubber(form: &Form) -> Scrubber {
    form.pairs().iter().fold(Scrubber::default(), |scrubber, (name, value)| {
        let is_personal = PERSONAL.iter().any(|head| name.starts_with(head)) || looks_personal(value);
        let scrubber = if is_personal { scrubber.with_personal(value) } else { scrubber };
        let inner = name.split_once('[').map_or("", |(_, inner)| inner.trim_end_matches(']'));
        if looks_personal(inner) { scrubber.with_personal(inner) } else { scrubber }
    })
}

/// Whether `value` is an e-mail address, several words, or a long number and little else.
fn looks_personal(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    value.contains('@')
        || !value.is_ascii()
        || value.trim().contains(char::is_whitespace)
        || (digits >= LONG_NUMBER && letters == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_hidden_where_they_look_personal() {
        for (value, is_personal) in [
            ("jenny@example.com", true),
            ("Jenny Rosen", true),
            ("王小明", true),
            ("+1 (415) 555-0186", true),
            ("1990-03-02", true),
            ("order_1234567", false),
            ("3f0c8a52-2f6e-4f6b-9d35-0c1f9a3b7e11", false),
            ("cus_J5a8K2m9", false),
            ("42", false),
        ] {
            assert_eq!(looks_personal(value), is_personal, "{value}");
        }
    }

    #[test]
    fn every_part_of_a_form_is_looked_at() {
        let mut form = Form::default();
        form.push("type", "document");
        form.push("client_reference_id", "order_1234567");
        form.push("metadata[ann@example.com]", "gold member");
        form.push("provided_details[email]", "jenny@example.com");
        form.push("return_url", "https://shop.example/?who=rosen%40example.com");
        let said =
            "document order_1234567: ANN@example.com, gold+member, jenny%40example.com, rosen@example.com";
        let told = scrubber(&form).text(said);
        assert_eq!(&*told, "document order_1234567: ••••, ••••, ••••, ••••");
    }
}

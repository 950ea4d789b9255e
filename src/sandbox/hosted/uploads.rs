//! Reads the forms of the page, pictures included. A picture is looked at as it passes and never kept.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;

use super::progress::Capture;
use crate::sandbox::form::{self, Node};

/// The largest picture, in bytes: 10 MiB.
pub(super) const LARGEST_PICTURE: u64 = 10 * 1024 * 1024;
/// What is read of a request at most, in bytes. A browser that is cut off while it sends shows no page at all, so a
/// picture that is too large is read to its end up to here.
pub(super) const LARGEST_REQUEST: usize = 64 * 1024 * 1024;
/// The largest form without a picture, in bytes.
const LARGEST_FORM: usize = 16 * 1024;
/// The longest value of a plain field, in bytes.
const LONGEST_FIELD: usize = 1024;
/// The most fields of a form.
const MOST_FIELDS: usize = 16;

/// What a form said.
#[derive(Debug, Default)]
pub(super) struct Sent {
    fields: Vec<(String, String)>,
    /// The picture, when the form had one.
    pub(super) picture: Option<Result<Capture, PictureError>>,
}

impl Sent {
    /// The value of the field called `name`, without white space around it.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.trim())
    }
}

#[cfg(test)]
impl Sent {
    /// A form with these fields.
    pub(super) fn with(fields: &[(&str, &str)]) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { fields: fields.iter().map(own).collect(), picture: None }
    }
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PictureError {
    #[error("Choose a picture first, then upload it.")]
    Missing,
    #[error("This picture is larger than 10 MB. Choose a smaller one.")]
    TooLarge,
    #[error("This file is no JPEG, PNG or WebP picture. Choose another one.")]
    WrongKind,
}

/// Why a form cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormError {
    /// It is larger than the page reads.
    TooLarge,
    /// It is no form, or a broken one.
    Malformed,
}

/// Reads the form that a request carries.
pub(super) async fn read(parts: &Parts, body: Body) -> Result<Sent, FormError> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        // The parts carry the limit of the route with them.
        let request = Request::from_parts(parts.clone(), body);
        let form = Multipart::from_request(request, &()).await.map_err(|_| FormError::Malformed)?;
        return multipart(form).await;
    }
    let bytes = to_bytes(body, LARGEST_FORM).await.map_err(|_| FormError::TooLarge)?;
    let fields = form::decode("", &bytes).map_err(|_| FormError::Malformed)?;
    let plain = fields.0.into_iter().filter_map(|(name, node)| match node {
        Node::Text(value) => Some((name, value)),
        Node::Nested(_) => None,
    });
    Ok(Sent { fields: plain.collect(), picture: None })
}

async fn multipart(mut form: Multipart) -> Result<Sent, FormError> {
    let mut sent = Sent::default();
    let broken = |error: axum::extract::multipart::MultipartError| match error.status().as_u16() {
        413 => FormError::TooLarge,
        _ => FormError::Malformed,
    };
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_picture = field.file_name().is_some();
        let mut look = Look::default();
        let mut text = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if is_picture {
                look.at(&chunk);
            } else {
                text.extend_from_slice(&chunk);
                if text.len() > LONGEST_FIELD {
                    return Err(FormError::TooLarge);
                }
            }
        }
        if is_picture {
            sent.picture = Some(look.judge());
        } else {
            sent.fields.push((name, String::from_utf8(text).map_err(|_| FormError::Malformed)?));
        }
        if sent.fields.len() > MOST_FIELDS {
            return Err(FormError::Malformed);
        }
    }
    Ok(sent)
}

/// What is remembered of a file while it passes: its first bytes and its length.
#[derive(Debug, Default)]
struct Look {
    head: Vec<u8>,
    bytes: u64,
}

impl Look {
    const HEAD: usize = 12;

    fn at(&mut self, chunk: &[u8]) {
        let missing = Self::HEAD.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(&chunk[..missing]);
        self.bytes += chunk.len() as u64;
    }

    fn judge(&self) -> Result<Capture, PictureError> {
        if self.bytes == 0 {
            Err(PictureError::Missing)
        } else if self.bytes > LARGEST_PICTURE {
            Err(PictureError::TooLarge)
        } else if is_picture(&self.head) {
            Ok(Capture::Upload { bytes: self.bytes })
        } else {
            Err(PictureError::WrongKind)
        }
    }
}

/// Whether a file begins like a JPEG, PNG or WebP picture. What the browser or the file's name says does not count.
fn is_picture(head: &[u8]) -> bool {
    head.starts_with(b"\xFF\xD8\xFF")
        || head.starts_with(b"\x89PNG\r\n\x1A\n")
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(chunks: &[&[u8]]) -> Result<Capture, PictureError> {
        let mut look = Look::default();
        for chunk in chunks {
            look.at(chunk);
        }
        look.judge()
    }

    #[test]
    fn pictures_are_told_by_their_first_bytes() {
        assert_eq!(look(&[b"\xFF\xD8", b"\xFF\xE0 and so on"]), Ok(Capture::Upload { bytes: 14 }));
        assert_eq!(look(&[b"\x89PNG\r\n\x1A\n", b"rest"]), Ok(Capture::Upload { bytes: 12 }));
        assert_eq!(look(&[b"RIFF\0\0\0\0WEBPVP8 "]), Ok(Capture::Upload { bytes: 16 }));
        for other in
            [b"<svg onload=alert(1)>".as_slice(), b"GIF89a", b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"\xFF"]
        {
            assert_eq!(look(&[other]), Err(PictureError::WrongKind), "{other:?}");
        }
    }

    #[test]
    fn empty_and_huge_files_are_not_taken() {
        assert_eq!(look(&[]), Err(PictureError::Missing));
        let mut huge = Look::default();
        huge.at(b"\xFF\xD8\xFF");
        huge.bytes = LARGEST_PICTURE;
        assert!(huge.judge().is_ok());
        huge.at(b"\0");
        assert_eq!(huge.judge(), Err(PictureError::TooLarge));
    }
}

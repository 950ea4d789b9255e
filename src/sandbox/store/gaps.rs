//! The room between the cells of a database page, where SQLite forgets what it has moved. For `store` only.
//!
//! Where things are on a page: <https://www.sqlite.org/fileformat.html>, section 1.6.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;

/// The file begins with so many bytes that belong to no page.
const HEADER: usize = 100;
/// Pages of a tree say so in their first byte. Of every other page that is the high byte of a page's number, which is
/// none of these as long as there are fewer pages than this.
pub(super) const MOST_PAGES: u64 = 0x0200_0000;

/// A number of two bytes.
fn short(page: &[u8], at: usize) -> Option<usize> {
    let bytes = page.get(at..at + 2)?;
    Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)))
}

/// The room between the pointers and the cells of a page; `None` when it has none, or is no page of a tree.
fn gap(page: &[u8], first: bool) -> Option<Range<usize>> {
    let head = if first { HEADER } else { 0 };
    let pointers = match page.get(head)? {
        2 | 5 => head + 12,
        10 | 13 => head + 8,
        _ => return None,
    };
    let start = pointers + 2 * short(page, head + 3)?;
    let end = match short(page, head + 5)? {
        // The largest pages are one byte too long for two bytes.
        0 => 0x1_0000,
        end => end,
    };
    (start < end && end <= page.len()).then_some(start..end)
}

/// Overwrites what stands in the gaps of `pages` (the first is 1) of the database `file`. Nothing that SQLite looks at
/// changes, so it may read meanwhile; nobody may write. Returns how many pages had something there.
pub(super) fn clear(mut file: &File, page_size: usize, pages: Range<u64>) -> io::Result<u64> {
    let place = |page: u64| (page - 1) * u64::try_from(page_size).unwrap_or(u64::MAX);
    let count = usize::try_from(pages.end.saturating_sub(pages.start)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(count * page_size);
    file.seek(SeekFrom::Start(place(pages.start)))?;
    file.take(place(pages.end) - place(pages.start)).read_to_end(&mut bytes)?;
    let mut cleared = 0;
    for (number, page) in pages.zip(bytes.chunks_exact_mut(page_size)) {
        let Some(gap) = gap(page, number == 1) else { continue };
        if page[gap.clone()].iter().all(|byte| *byte == 0) {
            continue;
        }
        file.seek(SeekFrom::Start(place(number) + u64::try_from(gap.start).unwrap_or(0)))?;
        page[gap.clone()].fill(0);
        file.write_all(&page[gap])?;
        cleared += 1;
    }
    Ok(cleared)
}

/// The numbers of the pages in the first `frames` frames of the write-ahead log `file`.
pub(super) fn logged(mut file: &File, page_size: usize, frames: u64) -> io::Result<Vec<u64>> {
    let frame = u64::try_from(24 + page_size).unwrap_or(u64::MAX);
    let mut pages = Vec::new();
    for at in 0..frames {
        let mut number = [0; 4];
        file.seek(SeekFrom::Start(32 + at * frame))?;
        file.read_exact(&mut number)?;
        pages.push(u64::from(u32::from_be_bytes(number)));
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_room_between_pointers_and_cells_is_cleared() {
        let mut leaf = vec![b'x'; 512];
        // A leaf with two cells from byte 400 on.
        leaf[..8].copy_from_slice(&[13, 0, 0, 0, 2, 1, 0x90, 0]);
        assert_eq!(gap(&leaf, false), Some(12..400));
        let mut first = vec![b'x'; 512];
        first[HEADER..HEADER + 8].copy_from_slice(&[5, 0, 0, 0, 1, 2, 0, 0]);
        assert_eq!(gap(&first, true), Some(114..512));
        // No page of a tree, a full page, and nonsense.
        assert_eq!(gap(&[0; 512], false), None);
        leaf[..8].copy_from_slice(&[13, 0, 0, 0, 2, 0, 12, 0]);
        assert_eq!(gap(&leaf, false), None);
        leaf[..8].copy_from_slice(&[13, 0, 0, 0, 2, 0xff, 0xff, 0]);
        assert_eq!(gap(&leaf, false), None);

        leaf[..8].copy_from_slice(&[13, 0, 0, 0, 2, 1, 0x90, 0]);
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(&[&[0; 512][..], &leaf, &leaf].concat()).expect("room");
        assert_eq!(clear(&file, 512, 2..3).expect("cleared"), 1);
        assert_eq!(clear(&file, 512, 2..3).expect("cleared"), 0);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(512)).expect("a place");
        file.read_to_end(&mut bytes).expect("bytes");
        assert!(bytes[12..400].iter().all(|byte| *byte == 0));
        assert_eq!((&bytes[..12], &bytes[400..]), (&leaf[..12], &[&leaf[400..], &leaf].concat()[..]));
    }
}

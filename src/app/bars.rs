//! Header and filter bar: which words stand where. `ui` draws them there, and the mouse finds them there.

use crate::app::geometry::Area;
use crate::catalog::{Outcome, StatusFilter, TypeFilter};
use crate::text::{grouped, width};

use super::{Link, Model, Page};

/// What a click on a word of a bar chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page.
    Page(Page),
    /// A status of the session list.
    Status(StatusFilter),
    /// An outcome of the report list.
    Outcome(Outcome),
    /// The next type.
    Type,
}

/// A word of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub label: String,
    /// Where it stands.
    pub area: Area,
    /// What a click on it chooses.
    pub target: Target,
    /// Whether it is the chosen one.
    pub chosen: bool,
}

/// Columns between two words.
const GAP: u16 = 2;

impl Model {
    /// What the header says of the other side: `SANDBOX 127.0.0.1:12120`, shorter where there is no room.
    #[must_use]
    pub fn badge(&self) -> String {
        let wide = self.size.cols >= 100;
        match &self.link {
            Link::Connecting => "connecting…".to_owned(),
            Link::Down(_) => "offline".to_owned(),
            Link::Up(connection) => {
                let word = match (connection.live, connection.sandbox) {
                    (true, _) => "LIVE",
                    (false, true) => "SANDBOX",
                    (false, false) => "TEST",
                };
                if wide { format!("{word} {}", connection.label) } else { word.to_owned() }
            }
        }
    }

    /// The pages in the header.
    #[must_use]
    pub fn tabs(&self) -> Vec<Item> {
        let narrow = self.size.cols < 64;
        let start = 1 + columns("vetty") + GAP + columns(&self.badge()) + GAP + 1;
        let mut place = Places { x: start, y: 0, end: self.size.cols };
        // Where room is scarce, pages that are looked at now and then are left to their keys.
        let short = self.size.cols < 100;
        let shown = |page: &Page| !short || page.number() <= 3 || *page == self.page;
        Page::ALL
            .into_iter()
            .filter(shown)
            .filter_map(|page| {
                let number = page.number();
                let label = if narrow && page != self.page {
                    number.to_string()
                } else {
                    format!("{number} {}", page.title())
                };
                place.item(label, Target::Page(page), page == self.page)
            })
            .collect()
    }

    /// The filters of the page, as far as there is room for them.
    #[must_use]
    pub fn filters(&self) -> Vec<Item> {
        let area = self.layout().filters;
        let long = self.filter_items(area, true);
        let wanted = self.filter_labels(true).len();
        if long.len() == wanted { long } else { self.filter_items(area, false) }
    }

    fn filter_items(&self, area: Area, long: bool) -> Vec<Item> {
        let end = area.x + area.w.saturating_sub(self.search_columns());
        let mut place = Places { x: area.x + 1, y: area.y, end };
        let labels = self.filter_labels(long);
        let chosen = labels
            .iter()
            .filter(|(_, _, chosen)| *chosen)
            .map(|(label, _, _)| columns(label) + GAP)
            .sum::<u16>();
        let mut items = Vec::new();
        for (label, target, is_chosen) in labels {
            // What is chosen is shown whatever else has to go.
            let reserve = if is_chosen || items.iter().any(|item: &Item| item.chosen) { 0 } else { chosen };
            place.end = end.saturating_sub(reserve);
            items.extend(place.item(label, target, is_chosen));
        }
        items
    }

    /// How many columns the search takes at the right end of the filter bar.
    #[must_use]
    pub fn search_columns(&self) -> u16 {
        match self.search() {
            Some(search) if search.editing || !search.input.value().is_empty() => {
                (columns(search.input.value()) + 10).clamp(16, (self.size.cols / 3).max(16))
            }
            _ => 0,
        }
    }

    fn filter_labels(&self, long: bool) -> Vec<(String, Target, bool)> {
        match self.page {
            Page::Sessions => {
                let started = self.catalog.sessions().is_started();
                let more = if self.catalog.sessions().is_complete() || !started { "" } else { "+" };
                let counts = self.catalog.count_sessions();
                let mut labels: Vec<_> = StatusFilter::ALL
                    .into_iter()
                    .zip(counts)
                    .map(|(filter, count)| {
                        let (glyph, title) = status_words(filter, long);
                        let count = counted(count, started);
                        (
                            format!("{glyph}{title} {count}{more}"),
                            Target::Status(filter),
                            filter == self.sessions.status,
                        )
                    })
                    .collect();
                labels.extend(type_label(self.sessions.kind));
                labels
            }
            Page::Reports => {
                let started = self.catalog.reports().is_started();
                let more = if self.catalog.reports().is_complete() || !started { "" } else { "+" };
                let counts = self.catalog.count_reports();
                let mut labels: Vec<_> = Outcome::ALL
                    .into_iter()
                    .zip(counts)
                    .map(|(filter, count)| {
                        let glyph = ["", "✓ ", "✗ "][filter as usize];
                        let count = counted(count, started);
                        let label = format!("{glyph}{} {count}{more}", filter.title());
                        (label, Target::Outcome(filter), filter == self.reports.outcome)
                    })
                    .collect();
                labels.extend(type_label(self.reports.kind));
                labels
            }
            Page::Activity | Page::Audit | Page::Jobs => Vec::new(),
        }
    }

    /// What a click at a cell chooses in the bars.
    #[must_use]
    pub fn target_at(&self, x: u16, y: u16) -> Option<Target> {
        self.tabs().into_iter().chain(self.filters()).find(|item| item.area.has(x, y)).map(|item| item.target)
    }
}

fn type_label(kind: TypeFilter) -> Option<(String, Target, bool)> {
    (kind != TypeFilter::All).then(|| (format!("type {}", kind.title()), Target::Type, true))
}

const fn status_words(filter: StatusFilter, long: bool) -> (&'static str, &'static str) {
    match (filter, long) {
        (StatusFilter::All, _) => ("", "All"),
        (StatusFilter::RequiresInput, true) => ("! ", "Requires input"),
        (StatusFilter::RequiresInput, false) => ("! ", "Input"),
        (StatusFilter::Processing, true) => ("~ ", "Processing"),
        (StatusFilter::Processing, false) => ("~ ", "Proc"),
        (StatusFilter::Verified, _) => ("✓ ", "Verified"),
        (StatusFilter::Canceled, _) => ("× ", "Canceled"),
        (StatusFilter::Redacting, true) => ("□ ", "Redacting"),
        (StatusFilter::Redacting, false) => ("□ ", "Redact"),
    }
}

/// A count, once there is anything to count.
fn counted(count: usize, started: bool) -> String {
    if started { grouped(count) } else { "–".to_owned() }
}

fn columns(text: &str) -> u16 {
    // No screen is wider, and sums of a few stay numbers of columns.
    u16::try_from(width(text).min(4_096)).unwrap_or(u16::MAX)
}

/// Puts words next to each other as long as there is room.
struct Places {
    x: u16,
    y: u16,
    end: u16,
}

impl Places {
    fn item(&mut self, label: String, target: Target, chosen: bool) -> Option<Item> {
        let w = columns(&label);
        if self.x + w > self.end {
            return None;
        }
        let area = Area { x: self.x, y: self.y, w, h: 1 };
        self.x += w + GAP;
        Some(Item { label, area, target, chosen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Keymap;
    use crate::app::Settings;
    use crate::app::geometry::Size;
    use crate::clock::fixtures::noon;

    fn model(cols: u16) -> Model {
        Model::new(Settings::default(), Keymap::default(), Size { cols, rows: 24 }, noon())
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!([0, 999, 1204, 1_000_000].map(grouped), ["0", "999", "1,204", "1,000,000"]);
    }

    #[test]
    fn every_filter_is_there_at_80_columns_and_the_chosen_one_always() {
        assert_eq!(model(80).filters().len(), StatusFilter::ALL.len());
        let mut tiny = model(40);
        tiny.sessions.status = StatusFilter::Redacting;
        assert!(tiny.filters().iter().any(|item| item.chosen), "{:?}", tiny.filters());
    }

    #[test]
    fn a_click_finds_what_is_drawn() {
        let model = model(120);
        let tab = model.tabs()[1].area;
        assert_eq!(model.target_at(tab.x, tab.y), Some(Target::Page(Page::Reports)));
        let filter = model.filters()[3].area;
        assert_eq!(model.target_at(filter.x + 1, filter.y), Some(Target::Status(StatusFilter::Verified)));
        assert_eq!(model.target_at(119, 2), None);
    }
}

//! A long table of which only a window is in the document: which rows, and where they stand.

/// Browsers lay out elements up to some ten million pixels; a longer table is scrolled in proportion.
const TALLEST: f64 = 8_000_000.0;

/// Where a table is scrolled to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Rows of the whole.
    pub total: u64,
    /// Pixels of one row.
    pub row: f64,
    /// Pixels of the part in view.
    pub view: f64,
    /// Rows kept in the document, more than fit the view.
    pub kept: u64,
}

impl Window {
    /// Height of the whole in pixels, as far as a browser can lay it out.
    pub fn height(&self) -> f64 {
        (self.total as f64 * self.row).min(TALLEST)
    }

    /// The row at the upper edge of the view when scrolled down by `top` pixels.
    pub fn first_in_view(&self, top: f64) -> u64 {
        let (travel, rows) = (self.height() - self.view, self.total as f64 - self.view / self.row);
        if travel <= 0.0 || rows <= 0.0 {
            return 0;
        }
        ((top / travel).clamp(0.0, 1.0) * rows).floor() as u64
    }

    /// The first row of the window in the document: some rows before those in view.
    pub fn start(&self, top: f64) -> u64 {
        let spare = self.kept.saturating_sub((self.view / self.row).ceil() as u64) / 2;
        let last = self.total.saturating_sub(self.kept);
        self.first_in_view(top).saturating_sub(spare).min(last)
    }

    /// Pixels between the top of the whole and the row `start`, when scrolled down by `top` pixels.
    pub fn offset(&self, top: f64, start: u64) -> f64 {
        if self.total as f64 * self.row <= TALLEST {
            return start as f64 * self.row;
        }
        let above = self.first_in_view(top).saturating_sub(start) as f64 * self.row;
        (top - above).clamp(0.0, (self.height() - self.kept.min(self.total) as f64 * self.row).max(0.0))
    }

    /// How far to scroll to bring a row to the upper edge.
    pub fn top_of(&self, row: u64) -> f64 {
        let (travel, rows) = (self.height() - self.view, self.total as f64 - self.view / self.row);
        if travel <= 0.0 || rows <= 0.0 {
            return 0.0;
        }
        // Half a row down, so that rounding never stops one row short.
        ((row.min(self.total) as f64 + 0.01) / rows).min(1.0) * travel
    }
}

/// The class of a column by the letters of its longest value, so that columns keep their width while rows come and go.
pub fn width_class(letters: usize) -> &'static str {
    match letters {
        0..=6 => "w1",
        7..=12 => "w2",
        13..=20 => "w3",
        21..=30 => "w4",
        31..=60 => "w5",
        _ => "w6",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(total: u64) -> Window {
        Window { total, row: 30.0, view: 450.0, kept: 60 }
    }

    #[test]
    fn the_window_always_covers_what_is_in_view() {
        for total in [0, 1, 14, 15, 16, 60, 61, 1_000, 100_000, 1_000_000, 50_000_000] {
            let window = window(total);
            let travel = (window.height() - window.view).max(0.0);
            for part in 0..=200 {
                let top = travel * f64::from(part) / 200.0;
                let (first, start) = (window.first_in_view(top), window.start(top));
                let seen = (window.view / window.row).ceil() as u64;
                assert!(start <= first, "{total} {top}");
                assert!((first + seen).min(total) <= start + window.kept, "{total} {top}: {start} {first}");
            }
        }
    }

    #[test]
    fn every_row_can_be_gone_to() {
        for total in [16, 1_000, 999_999, 5_000_000] {
            let window = window(total);
            for row in [0, 1, 7, total / 3, total / 2, total - 15] {
                let row = row.min(total - 15);
                assert_eq!(window.first_in_view(window.top_of(row)), row, "{row} of {total}");
            }
            assert!(window.first_in_view(window.top_of(total - 1)) + 15 >= total - 1);
        }
    }

    #[test]
    fn the_last_row_is_reached_at_the_bottom() {
        for total in [100, 5_000_000] {
            let window = window(total);
            let bottom = window.height() - window.view;
            assert_eq!(window.start(bottom) + window.kept, total);
            assert!(window.offset(bottom, window.start(bottom)) + window.kept as f64 * window.row <= window.height() + 0.5);
        }
    }
}

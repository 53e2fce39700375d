//! Pictures, read back: nothing lies on anything else, and every line leads from a box to a box.

use std::collections::BTreeMap;
use std::fmt;

use roxmltree::{Document, Node};

use super::text::Font;
use crate::sample::{SMALL, Sample, consortium, view};
use crate::view::{Folding, NetworkView};

#[derive(Clone)]
struct Area {
    what: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }

    fn has_on_its_sides(&self, (x, y): (f64, f64)) -> bool {
        ((x - self.left).abs() < 0.11 || (x - self.right).abs() < 0.11) && self.top < y && y < self.bottom
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            left,
            top,
            right,
            bottom,
        } = self;
        write!(
            formatter,
            "`{what}` at {left:.1} {top:.1} to {right:.1} {bottom:.1}"
        )
    }
}

struct Picture {
    sheet: Area,
    zones: Vec<Area>,
    boxes: Vec<Area>,
    texts: Vec<Area>,
    /// Texts that stand on lines, with a ground of their own.
    counts: Vec<Area>,
    /// What each line says, and its corners.
    wires: Vec<(String, Vec<(f64, f64)>)>,
}

impl Picture {
    fn of(view: &NetworkView) -> Self {
        let svg = view.to_svg();
        let document = Document::parse(&svg).expect("the picture is well-formed");
        let root = document.root_element();
        let mut picture = Self {
            sheet: Area {
                what: "sheet".into(),
                left: 0.0,
                top: 0.0,
                right: attribute(root, "width"),
                bottom: attribute(root, "height"),
            },
            zones: Vec::new(),
            boxes: Vec::new(),
            texts: Vec::new(),
            counts: Vec::new(),
            wires: Vec::new(),
        };
        for node in root.descendants() {
            let class = node.attribute("class").unwrap_or_default();
            match node.tag_name().name() {
                "rect" if class.starts_with("z ") => picture.zones.push(rectangle(node)),
                "rect" if class == "box" => picture.boxes.push(rectangle(node)),
                "text" if class.contains("count") => picture.counts.push(text(node)),
                "text" => picture.texts.push(text(node)),
                "path" if class == "hit" => {
                    let title = node
                        .first_element_child()
                        .and_then(|title| title.text())
                        .expect("it tells what it is");
                    picture.wires.push((
                        title.to_owned(),
                        corners(node.attribute("d").expect("it has a way")),
                    ));
                }
                _ => {}
            }
        }
        picture
    }
}

fn attribute(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name)
        .and_then(|value| value.parse().ok())
        .expect("a number")
}

fn rectangle(node: Node<'_, '_>) -> Area {
    let (left, top) = (attribute(node, "x"), attribute(node, "y"));
    Area {
        what: node.attribute("class").unwrap_or_default().to_owned(),
        left,
        top,
        right: left + attribute(node, "width"),
        bottom: top + attribute(node, "height"),
    }
}

fn text(node: Node<'_, '_>) -> Area {
    let class = node.attribute("class").unwrap_or_default();
    let font = match class {
        "heading" => Font::bold(18.0),
        "zt" => Font::bold(12.0),
        "bt" => Font::bold(11.5),
        "note" | "name" => Font::regular(10.0),
        "count mid" => Font::bold(10.5),
        _ => Font::regular(10.5),
    };
    let words = node.text().expect("a text has words");
    let (x, y, width) = (attribute(node, "x"), attribute(node, "y"), font.width(words));
    let left = if class.contains("end") {
        x - width
    } else if class.contains("mid") {
        x - width / 2.0
    } else {
        x
    };
    Area {
        what: words.to_owned(),
        left,
        top: y - font.size * 0.76,
        right: left + width,
        bottom: y + font.size * 0.24,
    }
}

/// The corners of a path of level and upright pieces.
fn corners(way: &str) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    let mut rest = way;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..].find(['M', 'H', 'V']).map_or(rest.len(), |end| end + 1);
        let numbers: Vec<f64> = rest[1..end]
            .split(' ')
            .map(|number| number.parse().expect("a number"))
            .collect();
        let last = corners.last().copied();
        corners.push(match (command, last) {
            ('M', _) => (numbers[0], numbers[1]),
            ('H', Some(last)) => (numbers[0], last.1),
            ('V', Some(last)) => (last.0, numbers[0]),
            _ => unreachable!("`{way}` is no way"),
        });
        rest = &rest[end..];
    }
    corners
}

/// The straight pieces of a way, as areas without breadth.
fn pieces(corners: &[(f64, f64)]) -> impl Iterator<Item = Area> {
    corners.windows(2).map(|ends| Area {
        what: String::new(),
        left: ends[0].0.min(ends[1].0),
        top: ends[0].1.min(ends[1].1),
        right: ends[0].0.max(ends[1].0),
        bottom: ends[0].1.max(ends[1].1),
    })
}

fn none_overlap(areas: &[Area], case: &str) {
    for (position, one) in areas.iter().enumerate() {
        for other in &areas[..position] {
            assert!(!one.overlaps(other), "{case}: {one} lies on {other}");
        }
    }
}

/// Strictly inside: a line may touch a box.
fn crosses(piece: &Area, area: &Area) -> bool {
    const TOUCH: f64 = 0.5;
    piece.left < area.right - TOUCH
        && area.left + TOUCH < piece.right.max(piece.left + 0.01)
        && piece.top < area.bottom - TOUCH
        && area.top + TOUCH < piece.bottom.max(piece.top + 0.01)
}

/// From, to, and the port that the line leads to.
type Stretch<'a> = (f64, f64, &'a str);

fn check(view: &NetworkView, case: &str) {
    let picture = Picture::of(view);
    let texts: Vec<Area> = picture.texts.iter().chain(&picture.counts).cloned().collect();
    for area in texts.iter().chain(&picture.boxes).chain(&picture.zones) {
        assert!(picture.sheet.holds(area), "{case}: {area} is not on the sheet");
    }
    none_overlap(&texts, case);
    none_overlap(&picture.boxes, case);
    let frames: Vec<Area> = picture
        .zones
        .iter()
        .filter(|zone| zone.bottom - zone.top > 20.0)
        .cloned()
        .collect();
    for area in &picture.boxes {
        assert!(
            frames.iter().any(|zone| zone.holds(area)),
            "{case}: {area} is in no zone"
        );
    }
    for text in &picture.texts {
        for area in &picture.boxes {
            assert!(
                !text.overlaps(area) || area.holds(text),
                "{case}: {text} is not in {area}"
            );
        }
    }
    assert_eq!(picture.wires.len(), view.calls.len(), "{case}: one line a call");
    for (title, corners) in &picture.wires {
        for end in [corners.first(), corners.last()].into_iter().flatten() {
            assert!(
                picture.boxes.iter().any(|area| area.has_on_its_sides(*end)),
                "{case}: `{title}` ends at {end:?}"
            );
        }
        for piece in pieces(corners) {
            for area in picture.boxes.iter().chain(&picture.texts) {
                assert!(!crosses(&piece, area), "{case}: `{title}` goes through {area}");
            }
        }
    }
    // Lines on each other are one trunk: they go to the same kind of port.
    let mut ways: BTreeMap<(bool, i64), Vec<Stretch>> = BTreeMap::new();
    for (title, corners) in &picture.wires {
        let port = title.split(", ").nth(1).expect("it names the port");
        for piece in pieces(corners) {
            let level = piece.bottom - piece.top < 0.01;
            let (at, from, to) = if level {
                (piece.top, piece.left, piece.right)
            } else {
                (piece.left, piece.top, piece.bottom)
            };
            #[expect(clippy::cast_possible_truncation, reason = "tenths of a pixel")]
            ways.entry((level, (at * 10.0).round() as i64))
                .or_default()
                .push((from, to, port));
        }
    }
    for ((level, at), mut pieces) in ways {
        pieces.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut reach: Option<(f64, &str)> = None;
        for (from, to, port) in pieces {
            if let Some((end, other)) = reach {
                assert!(
                    from >= end - 0.5 || port == other,
                    "{case}: {port} lies on {other} at {at} (level: {level})"
                );
            }
            reach = match reach {
                Some((end, other)) if end > to => Some((end, other)),
                _ => Some((to, port)),
            };
        }
    }
}

#[test]
fn nothing_lies_on_anything_else() {
    let cases = [
        Sample {
            participants: 2,
            ..SMALL
        },
        SMALL,
        Sample {
            participants: 3,
            with_clients: 3,
            notaries: 3,
            ..SMALL
        },
        Sample {
            watched: false,
            ..SMALL
        },
        Sample {
            participants: 20,
            with_clients: 2,
            ..SMALL
        },
        Sample {
            participants: 100,
            with_clients: 40,
            notaries: 5,
            ..SMALL
        },
        Sample {
            network: "a-network-with-a-long-nm",
            participant: "a-participant-with-lng",
            participants: 12,
            with_clients: 1,
            ..SMALL
        },
        Sample {
            network: "a-network-with-a-long-nm",
            participant: "a-participant-with-lng",
            ..SMALL
        },
        Sample {
            participants: 0,
            with_clients: 0,
            ..SMALL
        },
    ];
    for (number, sample) in cases.into_iter().enumerate() {
        check(&sample.view(Folding::WhenLarge), &format!("case {number}"));
    }
    let sample = Sample {
        participants: 20,
        with_clients: 2,
        ..SMALL
    };
    check(&sample.view(Folding::Never), "expanded");
    check(&view(&consortium(), Folding::WhenLarge), "consortium");
}

#[test]
fn pictures_of_a_hundred_are_not_wider_than_a_screen() {
    let view = Sample {
        participants: 100,
        with_clients: 2,
        ..SMALL
    }
    .view(Folding::WhenLarge);
    let sheet = Picture::of(&view).sheet;
    assert!(sheet.right <= 1640.0 && sheet.bottom <= 1500.0, "{sheet}");
}

#[test]
fn the_same_network_gives_the_same_bytes() {
    let sample = Sample {
        participants: 20,
        ..SMALL
    };
    assert!(sample.view(Folding::WhenLarge).to_svg() == sample.view(Folding::WhenLarge).to_svg());
}

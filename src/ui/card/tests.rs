use super::*;

fn lines(n: usize) -> Section {
    Section::text(vec!["line".to_owned(); n])
}

#[test]
fn blanks_go_first_then_the_lowest_rank() {
    let mut card = Card::new("t", 20, 20);
    card.add(lines(3).rank(1).at_least(2));
    card.add(lines(3).rank(5));
    card.add(lines(2).rank(9));
    assert_eq!(
        (card.shrink(10), card.blanks_before(&[3, 3, 2], 10)),
        (vec![3, 3, 2], vec![2, 1])
    );
    assert_eq!(
        (card.shrink(9), card.blanks_before(&[3, 3, 2], 9)),
        (vec![3, 3, 2], vec![2])
    );
    for (room, kept) in [
        (8, [3, 3, 2]),
        (7, [2, 3, 2]),
        (5, [2, 1, 2]),
        (2, [0, 0, 2]),
        (1, [0, 0, 1]),
        (0, [0, 0, 0]),
    ] {
        assert_eq!(card.shrink(room), kept);
    }
}

#[test]
fn a_section_that_shrinks_says_so_or_follows_its_line() {
    let numbered = || Section::text((0..9).map(|n| n.to_string()).collect());
    let shown = |section: Section, kept| -> Vec<String> {
        section
            .window(kept)
            .1
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(shown(numbered(), 3), ["0", "1", ".. 7 lines more"]);
    assert_eq!(shown(numbered().around(8), 3), ["6", "7", "8"]);
    assert_eq!(shown(numbered().around(4), 3), ["3", "4", "5"]);
    let whole = || numbered().or_says(vec!["not".into(), "whole".into()]);
    assert_eq!(shown(whole(), 3), ["0", "not", "whole"]);
    assert_eq!(shown(whole(), 1), ["not"]);
    assert_eq!(shown(whole(), 9).len(), 9);
}

#[test]
fn a_section_of_several_forms_takes_the_longest_that_fits() {
    let form = |n: usize| vec![Line::from(format!("{n} lines")); n];
    let mut card = Card::new("t", 20, 20);
    card.add(lines(3).rank(1).at_least(3));
    let forms = vec![form(6), form(5), form(3), form(1)];
    card.add(Section::forms(forms).rank(8).at_least(3));
    card.add(lines(2).rank(9).or_says(vec!["not whole".into()]));
    for (room, kept) in [
        (11, [3, 6, 2]),
        (9, [3, 4, 2]),
        (8, [3, 3, 2]),
        (5, [0, 3, 2]),
        (4, [0, 2, 2]),
        (2, [0, 1, 1]),
        (1, [0, 0, 1]),
    ] {
        assert_eq!(card.shrink(room), kept, "{room}");
    }
    let shown = |kept| card.sections[1].window(kept).1[0].to_string();
    for (kept, form) in [
        (6, "6 lines"),
        (5, "5 lines"),
        (4, "3 lines"),
        (2, "1 lines"),
    ] {
        assert_eq!(shown(kept), form);
    }
}

#[test]
fn a_section_that_must_be_whole_says_otherwise_to_the_last() {
    let mut card = Card::new("t", 20, 20);
    card.add(lines(3).rank(9).or_says(vec!["not whole".into()]));
    card.add(lines(2).rank(10));
    for (room, kept) in [(5, [3, 2]), (4, [2, 2]), (3, [1, 2]), (1, [1, 0])] {
        assert_eq!(card.shrink(room), kept);
    }
}

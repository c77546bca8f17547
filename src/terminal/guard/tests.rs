use super::*;

/// Feeds keys `step` milliseconds apart, lets time pass, and gives what came out.
fn feed(keys: &[Key], step: u64) -> Vec<Input> {
    let mut guard = Guard::new(Duration::from_millis(60));
    let mut out = Vec::new();
    let mut now = Duration::ZERO;
    for key in keys {
        now += Duration::from_millis(step);
        out.extend(guard.key(*key, now));
    }
    while let Some(deadline) = guard.deadline() {
        out.extend(guard.tick(deadline));
    }
    out
}

fn chars(text: &str) -> Vec<Key> {
    text.chars()
        .map(|c| {
            if c == '\x1b' {
                Key::plain(KeyCode::Esc)
            } else {
                Key::char(c)
            }
        })
        .collect()
}

fn keys(codes: &[KeyCode]) -> Vec<Input> {
    codes
        .iter()
        .map(|code| Input::Key(Key::plain(*code)))
        .collect()
}

#[test]
fn torn_arrow_and_function_keys_are_put_together_again() {
    for (bytes, code) in [
        ("\x1b[A", KeyCode::Up),
        ("\x1b[D", KeyCode::Left),
        ("\x1b[C", KeyCode::Right),
        ("\x1bOD", KeyCode::Left),
        ("\x1bOR", KeyCode::F(3)),
        ("\x1bOS", KeyCode::F(4)),
        ("\x1b[5~", KeyCode::PgUp),
        ("\x1b[1;2D", KeyCode::Left),
        ("\x1b[[A", KeyCode::F(1)),
        ("\x1b[15~", KeyCode::F(5)),
    ] {
        assert_eq!(
            feed(&chars(bytes), 10),
            keys(&[code]),
            "{bytes:?} 10 ms apart"
        );
        assert_eq!(
            feed(&chars(bytes), 50),
            keys(&[code]),
            "{bytes:?} 50 ms apart"
        );
        // So slow that the Esc was passed on: it does no harm, and no capital comes through.
        assert_eq!(
            feed(&chars(bytes), 200),
            keys(&[KeyCode::Esc, code]),
            "{bytes:?} 200 ms apart"
        );
    }
}

#[test]
fn no_capital_of_any_sequence_comes_through() {
    for last in 'A'..='Z' {
        for introducer in ['[', 'O'] {
            for input in feed(&chars(&format!("\x1b{introducer}{last}")), 50) {
                assert!(
                    !matches!(
                        input,
                        Input::Key(Key {
                            code: KeyCode::Char(_),
                            ..
                        })
                    ),
                    "{introducer}{last}"
                );
            }
        }
    }
}

#[test]
fn a_lone_esc_comes_out_after_the_delay_and_before_any_other_key() {
    assert_eq!(feed(&chars("\x1b"), 10), keys(&[KeyCode::Esc]));
    assert_eq!(
        feed(&chars("\x1bS"), 10),
        keys(&[KeyCode::Esc, KeyCode::Char('S')])
    );
    assert_eq!(
        feed(&chars("\x1b\x1b"), 10),
        keys(&[KeyCode::Esc, KeyCode::Esc])
    );
    assert_eq!(
        feed(&chars("S[D"), 10),
        keys(&[KeyCode::Char('S'), KeyCode::Char('['), KeyCode::Char('D')])
    );
}

#[test]
fn half_a_sequence_is_nothing() {
    assert_eq!(feed(&chars("\x1b["), 10), []);
    assert_eq!(feed(&chars("\x1b[1"), 10), []);
}

#[test]
fn a_torn_paste_is_text_and_never_keys() {
    let torn = "\x1b[200~S y\x1b[201~";
    assert_eq!(feed(&chars(torn), 50), [Input::Paste("S y".into())]);
    assert_eq!(feed(&chars("\x1b[200~R"), 50), [Input::Paste("R".into())]);
}

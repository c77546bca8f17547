//! The README's pictures: the demo's main view at two sizes. The test fails when a picture is
//! not what the program draws; `INSTA_UPDATE=always cargo test --test pictures` draws it anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

#[path = "support/journey.rs"]
mod journey;

use std::path::Path;

use glustop::config::Theme;
use glustop::ui::{Charset, Look, Palette, picture};
use journey::Journey;

#[tokio::test(start_paused = true)]
async fn the_pictures_show_what_the_program_draws() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let look = Look {
        charset: Charset::Utf8,
        palette: Palette::new(Theme::Dark, true),
    };
    for (name, keys, (width, height)) in [("main", "", (120, 40)), ("emergency", "!", (80, 24))] {
        let mut journey = Journey::begin_at("draining", (width, height)).await;
        journey.wait(30).await;
        journey.press(keys).await;
        let drawn = picture::svg(&journey.model, &look, width, height);
        let file = root.join(format!("{name}.svg"));
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::write(&file, &drawn).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == drawn,
            "assets/{name}.svg is out of date: INSTA_UPDATE=always cargo test --test pictures"
        );
    }
}

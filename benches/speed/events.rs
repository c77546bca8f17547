//! The yardstick of the parser: quick-xml's events and nothing made of them.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Runs through a document and counts its events.
pub(crate) fn count(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut events = 0;
    while !matches!(reader.read_event().expect("good XML"), Event::Eof) {
        events += 1;
    }
    events
}

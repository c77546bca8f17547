//! Reads a document into values, element by element, in one go over borrowed text.
//!
//! A value is told of each element that is meant for it and takes in what stands there: text, or
//! children by their names. [`element!`](super::wire) writes that down for a struct.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

/// Why a document is not good XML, or not what it should be.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Xml(#[from] quick_xml::Error),
    #[error(transparent)]
    Attribute(#[from] quick_xml::events::attributes::AttrError),
    #[error("<{0}> stands there twice")]
    Twice(String),
    #[error("<{0}> stands where text should be")]
    NoText(String),
    #[error("&{0}; is not known")]
    Entity(String),
    #[error("it goes on after its end")]
    Surplus,
    #[error("its end is missing")]
    CutShort,
}

/// Something that an element is read into.
pub(super) trait Value<'a> {
    /// Takes in an element that was just opened, to its end.
    fn read(&mut self, document: &mut Document<'a>, element: &BytesStart<'a>) -> Result<(), Error>;
}

/// The text of an element without children.
impl<'a> Value<'a> for Cow<'a, str> {
    fn read(&mut self, document: &mut Document<'a>, _: &BytesStart<'a>) -> Result<(), Error> {
        *self = document.text()?;
        Ok(())
    }
}

/// An element that stands there once at most.
impl<'a, T: Value<'a> + Default> Value<'a> for Option<T> {
    fn read(&mut self, document: &mut Document<'a>, element: &BytesStart<'a>) -> Result<(), Error> {
        if self.is_some() {
            return Err(Error::Twice(element.name().as_ref().to_owned()));
        }
        self.insert(T::default()).read(document, element)
    }
}

/// An element that is repeated; others may stand in between.
impl<'a, T: Value<'a> + Default> Value<'a> for Vec<T> {
    fn read(&mut self, document: &mut Document<'a>, element: &BytesStart<'a>) -> Result<(), Error> {
        let mut value = T::default();
        value.read(document, element)?;
        self.push(value);
        Ok(())
    }
}

/// A document on the way through the reader.
pub(super) struct Document<'a> {
    reader: Reader<&'a [u8]>,
}

impl<'a> Document<'a> {
    /// Reads a whole document: one root element and nothing behind it.
    pub(super) fn whole<T: Value<'a> + Default>(text: &'a str) -> Result<T, Error> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut document = Self { reader };
        let mut root: Option<T> = None;
        loop {
            match document.reader.read_event()? {
                Event::Start(element) if root.is_none() => root.read(&mut document, &element)?,
                Event::Eof => return root.ok_or(Error::CutShort),
                Event::Text(text) if !text.trim().is_empty() => return Err(Error::Surplus),
                Event::Start(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(Error::Surplus);
                }
                _ => {}
            }
        }
    }

    /// Reads on to the end of an element, and tells each of its children. Text between them means
    /// nothing.
    pub(super) fn children(
        &mut self,
        mut child: impl FnMut(&mut Self, &BytesStart<'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        loop {
            match self.reader.read_event()? {
                Event::Start(element) => child(self, &element)?,
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(Error::CutShort),
                _ => {}
            }
        }
    }

    /// Reads over an element that nobody asks for.
    pub(super) fn skip(&mut self, element: &BytesStart<'a>) -> Result<(), Error> {
        self.reader.read_to_end(element.name())?;
        Ok(())
    }

    /// Reads on to the end of an element that holds text.
    fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        let mut whole = Cow::Borrowed("");
        loop {
            let piece = match self.reader.read_event()? {
                Event::Text(text) => text.xml10_content(),
                Event::CData(text) => text.xml10_content(),
                Event::GeneralRef(entity) => match entity.resolve_char_ref()? {
                    Some(character) => character.to_string().into(),
                    None => resolve_xml_entity(&entity)
                        .ok_or_else(|| Error::Entity(entity.to_string()))?
                        .into(),
                },
                Event::Start(child) => {
                    return Err(Error::NoText(child.name().as_ref().to_owned()));
                }
                Event::End(_) => return Ok(whole),
                Event::Eof => return Err(Error::CutShort),
                _ => continue,
            };
            if whole.is_empty() {
                whole = piece;
            } else {
                whole.to_mut().push_str(&piece);
            }
        }
    }
}

/// The value of an attribute; `None` when the element does not have it.
pub(super) fn attribute<'a>(
    element: &BytesStart<'a>,
    key: &str,
) -> Result<Option<Cow<'a, str>>, Error> {
    let found = element.try_get_attribute(key)?;
    Ok(found.map(|attribute| attribute.value.into_owned().into()))
}

#[cfg(test)]
mod tests {
    use super::super::wire::{CliOutput, Volume};
    use super::*;

    fn first_volume(inside: &str) -> Result<Volume<'static>, Error> {
        // The text must outlive what borrows it.
        let text = format!(
            "<cliOutput><volInfo><volumes><volume>{inside}</volume></volumes></volInfo></cliOutput>"
        );
        let output: CliOutput = Document::whole(text.leak())?;
        let volumes = output.vol_info.and_then(|info| info.volumes);
        Ok(volumes.unwrap_or_default().volume.remove(0))
    }

    #[test]
    fn text_is_put_together_from_its_pieces() {
        for (written, read) in [
            ("media", "media"),
            ("a&amp;b &#x41;<![CDATA[<x>]]> <!-- c -->z", "a&b A<x> z"),
            ("one\r\n  two ", "one\n  two "),
            ("", ""),
        ] {
            let volume = first_volume(&format!("<name>{written}</name>")).unwrap();
            assert_eq!(volume.name.as_deref(), Some(read), "{written:?}");
        }
        assert_eq!(first_volume("<name/>").unwrap().name.as_deref(), Some(""));
        assert_eq!(first_volume("<id>1</id>").unwrap().name, None);
    }

    #[test]
    fn text_without_entities_is_not_copied() {
        let volume = first_volume("<name>media</name>").unwrap();
        assert!(matches!(volume.name, Some(Cow::Borrowed("media"))));
    }

    #[test]
    fn what_is_no_document_says_why() {
        let said = |inside| first_volume(inside).unwrap_err().to_string();
        assert_eq!(
            said("<name>a</name><name>b</name>"),
            "<name> stands there twice"
        );
        assert_eq!(
            said("<name>a<b/></name>"),
            "<b> stands where text should be"
        );
        assert_eq!(said("<name>&foo;</name>"), "&foo; is not known");
        let whole = |text| Document::whole::<CliOutput>(text).unwrap_err().to_string();
        assert_eq!(whole(" "), "its end is missing");
        assert!(whole("<cliOutput><a>").contains("not found before end of input"));
        assert_eq!(
            whole("<cliOutput/><cliOutput/>"),
            "it goes on after its end"
        );
        assert_eq!(whole("<cliOutput/>more"), "it goes on after its end");
    }

    #[test]
    fn what_nobody_asks_for_is_read_over() {
        let inside = "<other><name>no</name></other>words<brick uuid='u'/><name>yes</name>";
        assert_eq!(first_volume(inside).unwrap().name.as_deref(), Some("yes"));
        let bricks = "<bricks><brick uuid=\"u\">text<name>n</name></brick></bricks>";
        let bricks = first_volume(bricks).unwrap().bricks.unwrap().brick;
        assert_eq!(bricks[0].uuid.as_deref(), Some("u"));
        assert_eq!(bricks[0].name.as_deref(), Some("n"));
    }
}

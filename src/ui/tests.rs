use super::testing::*;
use super::*;

#[test]
fn main_view() {
    print!("{}", text(&model(), &ascii(), 80, 24));
    print!("{}", text(&model(), &utf8(), 120, 40));
    print!("{}", text(&model(), &ascii(), 100, 30));
    print!("{}", text(&model(), &ascii(), 60, 20));
    print!("{}", text(&model(), &ascii(), 40, 10));
}

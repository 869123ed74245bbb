fn main() {
    let _ = concurra::registered!(everything);
    let _ = concurra::registered!("shop");
}

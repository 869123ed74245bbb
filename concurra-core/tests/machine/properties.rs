//! Machine and model must agree at each step of a random run.

use concurra_core::Reach;
use proptest::prelude::*;

use crate::play::Play;
use crate::script::{Meanwhile, Script, scripts};

/// Plays a run to its end, and what runs always after a stop.
fn play(script: &Script) -> Play<'_> {
    let mut play = Play::new(script);
    play.begin();
    for (step, choice) in script.choices.iter().enumerate() {
        if let Some(stop) = &script.stop {
            if stop.at == step {
                play.stop(stop.reach, stop.meanwhile);
            } else if stop.abort.is_some_and(|after| stop.at + 1 + after == step) {
                play.stop(Reach::All, Meanwhile::Nothing);
            }
        }
        if play.resting && !play.has_next() {
            play.resume();
        }
        if !play.has_next() {
            break;
        }
        play.step(*choice);
    }
    play
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn machine_and_model_agree_at_every_step(script in scripts()) {
        let play = play(&script);
        prop_assert!(!play.has_next(), "the script is too short");
        prop_assert_eq!(play.told.len(), script.needs.len(), "every task ends");
        prop_assert_eq!(play.machine.unended(), 0);
    }
}

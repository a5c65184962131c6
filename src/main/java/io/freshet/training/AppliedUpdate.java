package io.freshet.training;

import io.freshet.event.EncodedItem;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;

/**
 * All that one update of the live model was made of, so that it can be made again.
 *
 * @param trained the window's sequences less what was held out, and what the window before held out
 * @param replayed sequences of earlier versions
 * @param items content that was known by then and is in no version yet
 */
record AppliedUpdate(
        UpdateMark mark,
        List<TrainingSequence> trained,
        List<TrainingSequence> replayed,
        List<EncodedItem> items) {

    /** Everything that its steps see. */
    List<TrainingSequence> sequences() {
        List<TrainingSequence> all = new ArrayList<>(trained);
        all.addAll(replayed);
        return all;
    }

    AppliedUpdate trained(int targets, long millis, int passes) {
        return new AppliedUpdate(mark.trained(targets, millis, passes), trained, replayed, items);
    }
}

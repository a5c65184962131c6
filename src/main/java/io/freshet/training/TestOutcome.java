package io.freshet.training;

import io.freshet.event.Evaluation;
import java.util.List;

/** How the live model, and the frozen one if it is watched, did on a test. */
record TestOutcome(TestTask task, List<Evaluation> evaluations) {

    /** Mean loss of the live model; NaN if there is none, or nothing could be scored. */
    float loss() {
        return evaluations.stream()
                .filter(found -> found.subject() == Evaluation.Subject.LIVE_MODEL)
                .map(Evaluation::loss)
                .findFirst()
                .orElse(Float.NaN);
    }
}

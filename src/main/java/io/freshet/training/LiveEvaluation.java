package io.freshet.training;

import io.freshet.event.Evaluation;
import io.freshet.event.Evaluation.Subject;
import io.freshet.model.ModelRuntime;
import io.freshet.store.ModelStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the live model does: on new positions before it is trained on them, beside the model that the
 * job started with if that is watched; and on the past when it has become a version.
 */
final class LiveEvaluation implements AutoCloseable {

    private final ModelRuntime runtime;
    private final ModelStore store;
    private final boolean watchesFrozen;
    private final LiveModel live;
    private final Evaluator evaluator;
    private @Nullable LoadedModel frozen;

    LiveEvaluation(
            ModelRuntime runtime,
            ModelStore store,
            TrainingSettings settings,
            LiveModel live,
            Evaluator evaluator) {
        this.runtime = runtime;
        this.store = store;
        this.watchesFrozen = settings.training().frozenBaseline();
        this.live = live;
        this.evaluator = evaluator;
    }

    /**
     * Tests the live model, and the frozen one if it is watched.
     *
     * @throws IOException if the base version is missing or damaged
     */
    List<Evaluation> onNew(TestTask task) throws IOException {
        LoadedModel model = live.orNull();
        if (model == null) {
            return List.of();
        }
        Standing standing = task.standing();
        List<Evaluation> evaluations = new ArrayList<>();
        Score score = evaluator.evaluate(model, task.sequences());
        evaluations.add(
                score.toEvaluation(
                        Subject.LIVE_MODEL, task.window(), standing.version(), task.end()));
        if (watchesFrozen && standing.base() > 0) {
            boolean same = standing.base() == live.version() && live.updates() == 0;
            Score baseline =
                    same ? score : evaluator.evaluate(frozen(standing.base()), task.sequences());
            evaluations.add(
                    baseline.toEvaluation(
                            Subject.FROZEN_MODEL, task.window(), standing.base(), task.end()));
        }
        return evaluations;
    }

    /** How a version, which is live now, does on what earlier ones were trained on. */
    List<Evaluation> onPast(WindowTask task) {
        if (task.past().isEmpty()) {
            return List.of();
        }
        return List.of(
                evaluator
                        .evaluate(live.orNew(), task.past())
                        .toEvaluation(
                                Subject.PAST_WINDOWS, task.window(), live.version(), task.end()));
    }

    @Override
    public void close() {
        if (frozen != null) {
            frozen.close();
            frozen = null;
        }
    }

    private LoadedModel frozen(long base) throws IOException {
        if (frozen == null) {
            frozen = LoadedModel.load(runtime, store.localCopy(base, null));
        }
        return frozen;
    }
}

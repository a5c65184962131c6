package io.freshet.training;

import io.freshet.event.Control;
import io.freshet.event.EncodedItem;
import io.freshet.event.ModelRevision;
import io.freshet.event.OffsetRange;
import io.freshet.event.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A piece of the fine-tuner's work, of which one is in progress at a time. It holds all that the
 * work depends on, so nothing that changes meanwhile matters.
 */
public sealed interface Job {

    /** The live model that the job is about. */
    ModelRevision revision();

    /**
     * Event time below which the output watermark stays while the job is in progress, milliseconds
     * since the epoch; its results have this timestamp.
     */
    long end();

    /**
     * Where a version is to be made.
     *
     * @param number lowest number that it may have
     * @param offsets source offsets that the revision's version was trained on since the base
     */
    record Place(long number, List<OffsetRange> offsets) {}

    /**
     * The first job of a task: the live model is loaded, and made a version of the configured
     * architecture if it has another or its graph is of an earlier release.
     *
     * @param newArchitecture whether the options ask for another architecture than before
     * @param unlogged updates that a release without the log has in its state: trained once more
     * @param remembered sequences that a new body is trained on
     * @param validation sequences with one fresh position each that no model was trained on
     * @param window number of the last training window
     */
    record Resume(
            ModelRevision revision,
            long end,
            boolean newArchitecture,
            List<UnloggedUpdate> unlogged,
            List<TrainingSequence> remembered,
            List<TrainingSequence> validation,
            long window,
            Place place)
            implements Job {}

    /**
     * An update of which a release without the log kept the data.
     *
     * @param items content that it brought
     */
    record UnloggedUpdate(
            UpdateMark mark,
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed,
            List<EncodedItem> items) {}

    /**
     * New positions that the live model is scored on before it is trained on them.
     *
     * @param base the version that the job started with, 0 if there is none
     * @param window number of the training window that they will be part of, from 1
     * @param due whether they are to be trained on next, however few they are
     */
    record Evaluate(
            ModelRevision revision,
            long end,
            long base,
            long window,
            boolean due,
            List<TrainingSequence> sequences)
            implements Job {}

    /**
     * A training window: an update of the live model, and a version of all updates if one is due.
     *
     * @param stats the window, not trained yet
     * @param data what is trained, and on what the result is validated
     * @param version what is to be known about the version that the update may complete
     */
    record Window(ModelRevision revision, UpdateStats stats, Data data, Due version)
            implements Job {

        @Override
        public long end() {
            return stats.end();
        }
    }

    /**
     * What a window trains.
     *
     * @param trained sequences of the window and validation sequences that were released to it,
     *     without what the window holds out
     * @param replayed sequences of earlier windows
     * @param items content that the live model does not have yet
     * @param waiting interactions so far of items that have no row yet
     * @param itemWeights weight of positions whose target is such an item; others have 1
     * @param weighing why an item's weight is below 1, empty if none is
     * @param heldOut newest positions that the window holds out, one fresh position each
     * @param validation positions that earlier windows held out and nobody was trained on
     */
    record Data(
            List<TrainingSequence> trained,
            List<TrainingSequence> replayed,
            List<EncodedItem> items,
            List<WaitingItem> waiting,
            Map<String, Float> itemWeights,
            String weighing,
            List<TrainingSequence> heldOut,
            List<TrainingSequence> validation) {

        /** All positions that validate the update: the window's own come first. */
        public List<TrainingSequence> allValidation() {
            List<TrainingSequence> all = new ArrayList<>(heldOut);
            all.addAll(validation);
            return all;
        }

        /** A reason of a verdict, and why items are weighted, if any is. */
        public String withWeighing(String reason) {
            return weighing.isEmpty() ? reason : reason + "; " + weighing;
        }
    }

    /**
     * Whether and how the updates become a version.
     *
     * @param due whether they are to
     * @param held how often in a row the gate could not decide on a version
     * @param delayed how often in a row the store did not take a version
     * @param past sequences of earlier windows that a new version is evaluated on, none of which is
     *     ever replayed
     */
    record Due(boolean due, int held, int delayed, List<TrainingSequence> past, Place place) {}

    /**
     * A return to an earlier revision.
     *
     * @param announced highest version that was announced
     * @param foreign numbers below that which are not versions of this job
     * @param windows training windows that are settled
     */
    record RollBack(
            ModelRevision revision,
            Control control,
            long base,
            int updates,
            long announced,
            List<VersionRange> foreign,
            long windows)
            implements Job {

        /** The work before it is done, or given up for it: nothing is held back. */
        @Override
        public long end() {
            return Long.MAX_VALUE;
        }
    }
}

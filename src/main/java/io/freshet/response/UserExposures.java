package io.freshet.response;

import io.freshet.event.Attribute;
import io.freshet.event.Interaction;
import java.util.Arrays;
import java.util.List;

/**
 * A user's exposures whose outcome is not known yet, in the order of their arrival, and what the
 * user did before. A plain POJO: fields may be added, and state written before still reads.
 */
public final class UserExposures {

    /** A time at which nothing happened. */
    static final long NEVER = Long.MIN_VALUE;

    private static final double SHOWN_SCALE = 0.3;
    private static final double GAP_SCALE = 0.2;
    private static final double USUAL_GAP = 2;

    /** What waits. */
    public PendingExposure[] pending = {};

    /** How many exposures there were. */
    public long shown;

    /** Event time of the last exposure, milliseconds since the epoch. */
    public long lastShown = NEVER;

    /** Event time of the last response, milliseconds since the epoch. */
    public long lastResponse = NEVER;

    /** Names of {@link #activity}. */
    static final String[] ACTIVITY = {"exposures", "since exposure", "since response"};

    /** What the user did before an event time, as features of about unit size. */
    float[] activity(long timestamp) {
        return new float[] {
            (float) (SHOWN_SCALE * Math.log1p(shown)),
            gap(timestamp, lastShown),
            gap(timestamp, lastResponse)
        };
    }

    /** Whether the same exposure waits already. */
    boolean isPending(Interaction shown) {
        return Arrays.stream(pending)
                .anyMatch(
                        each ->
                                each.timestamp == shown.timestamp()
                                        && each.itemId.equals(shown.itemId()));
    }

    /**
     * Adds an exposure.
     *
     * @param wait event time in which a response counts, milliseconds
     */
    PendingExposure expose(Interaction shown, long wait) {
        PendingExposure exposure = new PendingExposure();
        exposure.itemId = shown.itemId();
        exposure.timestamp = shown.timestamp();
        exposure.judgedAt = shown.timestamp() + wait + 1;
        exposure.partition = shown.partition();
        exposure.offset = shown.offset();
        exposure.context = shown.attributes();
        exposure.activity = activity(shown.timestamp());
        pending = Arrays.copyOf(pending, pending.length + 1);
        pending[pending.length - 1] = exposure;
        this.shown++;
        lastShown = Math.max(lastShown, shown.timestamp());
        return exposure;
    }

    /** The exposure of a place in the source, which must wait. */
    PendingExposure pending(int partition, long offset) {
        return Arrays.stream(pending)
                .filter(each -> each.partition == partition && each.offset == offset)
                .findFirst()
                .orElseThrow();
    }

    void remove(PendingExposure exposure) {
        pending =
                Arrays.stream(pending)
                        .filter(each -> each != exposure)
                        .toArray(PendingExposure[]::new);
    }

    private static float gap(long timestamp, long last) {
        double seconds = last == NEVER ? 0 : Math.max(0, timestamp - last) / 1000.0;
        return last == NEVER ? 0 : (float) (GAP_SCALE * Math.log1p(seconds) - USUAL_GAP);
    }

    /** An exposure whose outcome is not known yet; a plain POJO, too. */
    public static final class PendingExposure {

        /** What was shown. */
        public String itemId = "";

        /** Event time, milliseconds since the epoch. */
        public long timestamp;

        /** When the outcome is known: the first moment after the wait. */
        public long judgedAt;

        /** Source partition. */
        public int partition;

        /** Source offset. */
        public long offset;

        /** Its context. */
        public List<Attribute> context = List.of();

        /** What the user did before, as features. */
        public float[] activity = {};

        /** Features of the context, once it was predicted. */
        public float[] contextFeatures = {};

        /** All other features, once it was predicted. */
        public float[] features = {};

        /** Differs between lists of features. */
        public int layout;

        /** Probability of a response by the context alone, once it was predicted. */
        public float expected;

        /** Probability of a response; NaN before it was predicted. */
        public float probability = Float.NaN;

        /** Greatest source offset that was learned from before it was predicted. */
        public long learnedThrough = -1;

        /** Whether a response came. */
        public boolean responded;

        /** Whether an interaction of the user is a response to it. */
        boolean isRespondedBy(Interaction later) {
            return itemId.equals(later.itemId())
                    && later.timestamp() >= timestamp
                    && later.timestamp() < judgedAt;
        }

        boolean isPredicted() {
            return !Float.isNaN(probability);
        }
    }
}

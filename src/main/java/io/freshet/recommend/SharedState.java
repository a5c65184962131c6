package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import io.freshet.event.ModelRevision;
import org.jspecify.annotations.Nullable;

/** What is the same for all instances; a plain POJO, so that fields can come and go. */
public class SharedState {

    /** The newest version announced, in state of releases without {@link #revision}. */
    public @Nullable ModelCheckpoint announced;

    /** Event time of {@link #totals}, milliseconds; {@link Long#MIN_VALUE} at first. */
    public long now = Long.MIN_VALUE;

    /** Sum of all items' decayed counts by half-life. */
    public double[] totals = new double[0];

    /** The newest model announced, live or being loaded; null if there was none. */
    public @Nullable ModelRevision revision;

    /** Highest source offset that {@link #revision} was trained on, -1 if none. */
    public long trainedThrough = -1;

    /**
     * Event time before which all lies that {@link #revision} was trained on, milliseconds; 0 if
     * not known.
     */
    public long trainedUntil;
}

package io.freshet.recommend;

import io.freshet.event.ModelCheckpoint;
import org.jspecify.annotations.Nullable;

/** What all instances know alike; a plain POJO, so that fields can come and go. */
public class SharedState {

    /** The newest version announced, live or being loaded; null if there was none. */
    public @Nullable ModelCheckpoint announced;

    /** Event time of {@link #totals}, milliseconds; {@link Long#MIN_VALUE} at first. */
    public long now = Long.MIN_VALUE;

    /** Sum of all items' decayed counts by half-life. */
    public double[] totals = new double[0];
}

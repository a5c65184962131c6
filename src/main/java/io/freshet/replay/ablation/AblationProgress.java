package io.freshet.replay.ablation;

import io.freshet.replay.ReplayProgress;

/** Is told how far an ablation has come. */
public interface AblationProgress extends ReplayProgress {

    /** The next variant is replayed, the {@code number}-th of so many. */
    void variant(String name, int number, int variants);
}

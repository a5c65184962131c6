package io.freshet.replay;

import io.freshet.replay.report.Prediction;

/** Is told how far a replay has come. */
public interface ReplayProgress {

    /** The job starts; it will reach all {@code rows}. */
    void started(int rows);

    /** A row was tested. */
    void tested(Prediction prediction);

    /** The job has ended. */
    void ended();
}

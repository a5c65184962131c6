package io.freshet.replay;

import io.freshet.replay.report.Prediction;

/** Is told how far a replay has come. */
public interface ReplayProgress {

    /** The base model is being made. */
    void makingBase();

    /** The job starts; it will reach all {@code rows}. */
    void started(int rows);

    /** A row went into the job; told of some rows of the first half, where nothing is tested. */
    void sent(int position);

    /** A row was tested. */
    void tested(Prediction prediction);

    /** The job has ended. */
    void ended();
}

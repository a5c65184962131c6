package io.freshet.replay;

import io.freshet.replay.report.Prediction;

/** Receives the progress of a replay. */
public interface ReplayProgress {

    /** Something to look at before trusting a figure, in one sentence. */
    void warned(String warning);

    /** The base model is being made. */
    void makingBase();

    /** The job starts; it will reach all {@code rows}. */
    void started(int rows);

    /** A row went into the job; called for some rows of the first half, where nothing is tested. */
    void sent(int position);

    /** A row was tested. */
    void tested(Prediction prediction);

    /** The job has ended. */
    void ended();
}

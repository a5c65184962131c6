package io.freshet.response;

/** What is stored of a response model; a plain POJO, so that fields can come and go. */
public final class ResponseModelState {

    /** What a context is worth. */
    public Regression byContext = new Regression();

    /** What all that is known is worth. */
    public Regression byAll = new Regression();

    /** Greatest source offset of an exposure that was learned from; -1 for none. */
    public long learnedThrough = -1;

    /** What is stored of a regression; a plain POJO, too. */
    public static final class Regression {

        /** Name of each feature, [width]. */
        public String[] features = new String[0];

        /** Weight of each feature, [width]. */
        public double[] weights = new double[0];

        /** Sum of its squared slopes, [width]. */
        public double[] squares = new double[0];
    }
}

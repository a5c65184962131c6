package io.freshet.model.tensorflow.bert;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** What an encoder gives for a text. */
interface TextOutput {

    /** Width of what it gives. */
    int width();

    /** What is fetched of the graph, a row of equal size for each text of a batch. */
    Operand<TFloat32> of(BertGraph graph);

    /**
     * Reads a text's row.
     *
     * @param fetched the rows of a batch
     * @param row which of them
     * @param length tokens of the batch, padding included
     * @param tokens tokens of the text
     */
    float[] read(float[] fetched, int row, int length, int tokens);

    /** The pooled vector at unit length; a sum over tokens has the direction of their mean. */
    record UnitVector(int width) implements TextOutput {

        @Override
        public Operand<TFloat32> of(BertGraph graph) {
            return graph.pooled();
        }

        @Override
        public float[] read(float[] fetched, int row, int length, int tokens) {
            int from = row * width;
            double square = 0;
            for (int i = from; i < from + width; i++) {
                square += (double) fetched[i] * fetched[i];
            }
            double norm = Math.sqrt(square);
            float[] vector = new float[width];
            for (int i = 0; i < width; i++) {
                vector[i] = (float) (fetched[from + i] / norm);
            }
            return vector;
        }
    }

    /**
     * The hidden vectors of all tokens, one behind the other, zeros up to the most that a text may
     * have, and last the number of tokens.
     *
     * @param hidden width of a token's vector
     */
    record TokenStates(int maxTokens, int hidden) implements TextOutput {

        @Override
        public int width() {
            return maxTokens * hidden + 1;
        }

        @Override
        public Operand<TFloat32> of(BertGraph graph) {
            return graph.states();
        }

        @Override
        public float[] read(float[] fetched, int row, int length, int tokens) {
            float[] states = new float[width()];
            System.arraycopy(fetched, row * length * hidden, states, 0, tokens * hidden);
            states[states.length - 1] = tokens;
            return states;
        }
    }
}

package io.freshet.model.tensorflow.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.freshet.model.TextEncoder;
import io.freshet.model.tensorflow.device.ComputeDevice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A BERT encoder in a TensorFlow session of its own, which it closes together with the tokenizer.
 *
 * <p>A text's vector depends on the text alone, to the last bit, and not on the texts of its batch:
 * a replay batches by the clock and must still repeat itself. Two things would round it otherwise.
 * Sums over a text's tokens depend on how many there are with the padding, so a text is padded to
 * the next multiple of {@value #LENGTH_STEP} and runs with those of the same padded length. Kernels
 * treat the rows that are left over from their tiles and registers in another way. None are left
 * over from multiples of 48 (tiles of 4, 6, 8, 12, 16, 24), so empty texts fill a batch up to a
 * multiple of {@value #TEXTS_STEP}; and what there is only one of for each text, its length, is
 * divided out here. For the same reason it computes on CPUs alone, also on a task manager with a
 * GPU, which its slot did not ask for.
 */
final class BertTextEncoder implements TextEncoder {

    private static final int LENGTH_STEP = 16;
    private static final int TEXTS_STEP = 3;

    private final TextOutput output;
    private final HuggingFaceTokenizer tokenizer;
    private final Graph graph;
    private final Session session;
    private final Operand<TInt32> tokens;
    private final Operand<TFloat32> mask;
    private final Operand<TFloat32> fetched;

    /**
     * Builds the graph and fills its variables.
     *
     * @param layers how many attention layers, from the lowest
     * @param output what is read of them
     * @throws IllegalArgumentException if a weight is missing or of another shape
     */
    BertTextEncoder(
            BertModel model, int layers, TextOutput output, HuggingFaceTokenizer tokenizer) {
        this.output = output;
        this.tokenizer = tokenizer;
        graph = new Graph();
        BertGraph bert = new BertGraph(graph, model, layers);
        tokens = bert.tokens();
        mask = bert.mask();
        fetched = output.of(bert);
        session = new Session(graph, ComputeDevice.CPU.session().build());
        bert.assign(session);
    }

    @Override
    public int width() {
        return output.width();
    }

    @Override
    public float[][] encode(List<String> texts) {
        float[][] vectors = new float[texts.size()][];
        if (texts.isEmpty()) {
            return vectors;
        }
        Encoding[] encodings = tokenizer.batchEncode(texts);
        groups(encodings).forEach((length, rows) -> fill(vectors, encodings, rows, length));
        return vectors;
    }

    /** The texts of each padded length. */
    private static Map<Integer, int[]> groups(Encoding[] encodings) {
        return IntStream.range(0, encodings.length)
                .boxed()
                .collect(
                        Collectors.groupingBy(
                                row -> roundUp(encodings[row].getIds().length, LENGTH_STEP),
                                TreeMap::new,
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        rows -> rows.stream().mapToInt(row -> row).toArray())));
    }

    private static int roundUp(int number, int step) {
        return (number + step - 1) / step * step;
    }

    private void fill(float[][] vectors, Encoding[] encodings, int[] rows, int length) {
        int size = roundUp(rows.length, TEXTS_STEP);
        int[] ids = new int[size * length];
        float[] kept = new float[ids.length];
        for (int row = 0; row < rows.length; row++) {
            long[] text = encodings[rows[row]].getIds();
            for (int i = 0; i < text.length; i++) {
                ids[row * length + i] = (int) text[i];
                kept[row * length + i] = 1;
            }
        }
        float[] flat = run(ids, kept, Shape.of(size, length));
        for (int row = 0; row < rows.length; row++) {
            vectors[rows[row]] =
                    output.read(flat, row, length, encodings[rows[row]].getIds().length);
        }
    }

    private float[] run(int[] ids, float[] kept, Shape shape) {
        try (TInt32 idTensor = TInt32.tensorOf(shape, DataBuffers.of(ids));
                TFloat32 keptTensor = TFloat32.tensorOf(shape, DataBuffers.of(kept));
                Result result =
                        session.runner()
                                .feed(tokens, idTensor)
                                .feed(mask, keptTensor)
                                .fetch(fetched)
                                .run()) {
            TFloat32 tensor = (TFloat32) result.get(0);
            float[] flat = new float[(int) tensor.size()];
            tensor.copyTo(DataBuffers.of(flat));
            return flat;
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
        tokenizer.close();
    }

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
         * The hidden vectors of all tokens, one behind the other, zeros up to the most that a text
         * may have, and last the number of tokens.
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
}

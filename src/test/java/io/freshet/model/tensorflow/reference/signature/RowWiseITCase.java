package io.freshet.model.tensorflow.reference.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.freshet.model.tensorflow.TensorFlowNatives;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class RowWiseITCase {

    private static final int ROWS = 3;

    private final Random random = new Random(5);

    @BeforeAll
    static void loadEngine() {
        TensorFlowNatives.load();
    }

    @ParameterizedTest
    @CsvSource({"64,1", "64,64", "64,10", "640,100", "4032,100", "65536,100", "65536,1"})
    void theBestOfARowAreThoseThatASortFinds(int width, int top) {
        float[] numbers = new float[ROWS * width];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }

        int[] columns = topColumns(numbers, width, top);

        for (int row = 0; row < ROWS; row++) {
            assertThat(Arrays.copyOfRange(columns, row * top, (row + 1) * top))
                    .containsExactly(sorted(numbers, row * width, width, top));
        }
    }

    @Test
    void theBestMayLieSideBySideAndFarBehindTheOthers() {
        int width = 1024;
        float[] numbers = new float[ROWS * width];
        Arrays.fill(numbers, -1e9f);
        for (int column = 500; column < 510; column++) {
            numbers[column] = column;
            numbers[width + (column - 500) * 64] = -column;
            numbers[2 * width + column] = 1000 - column;
        }

        int[] columns = topColumns(numbers, width, 10);

        assertThat(columns)
                .containsExactly(
                        IntStream.concat(
                                        IntStream.concat(
                                                IntStream.range(0, 10).map(i -> 509 - i),
                                                IntStream.range(0, 10).map(i -> i * 64)),
                                        IntStream.range(500, 510))
                                .toArray());
    }

    @Test
    void sumsExponentialsOfNumbersLargeAndSmall() {
        int width = 64;
        float[] numbers = new float[ROWS * width];
        Arrays.fill(numbers, 0, width, -1e9f);
        numbers[3] = 7;
        Arrays.fill(numbers, width, 2 * width, 300);
        for (int i = 2 * width; i < numbers.length; i++) {
            numbers[i] = (float) (5 * random.nextGaussian());
        }

        float[] sums = logSums(numbers, width);

        assertThat(sums[0]).isCloseTo(7, within(1e-5f));
        assertThat(sums[1]).isCloseTo(300 + (float) Math.log(width), within(1e-4f));
        double expected = 0;
        for (int i = 2 * width; i < numbers.length; i++) {
            expected += Math.exp(numbers[i]);
        }
        assertThat(sums[2]).isCloseTo((float) Math.log(expected), within(1e-4f));
    }

    private static int[] sorted(float[] numbers, int from, int width, int top) {
        return IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparing(column -> -numbers[from + column]))
                .limit(top)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static int[] topColumns(float[] numbers, int width, int top) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TInt32> columns =
                    new RowWise(tf).top(matrix(tf, numbers, width), tf.constant(top)).columns();
            try (Result result = session.runner().fetch(columns).run()) {
                int[] found = new int[ROWS * top];
                ((TInt32) result.get(0)).asRawTensor().data().asInts().read(found);
                return found;
            }
        }
    }

    private static float[] logSums(float[] numbers, int width) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> sums = new RowWise(tf).logSumExp(matrix(tf, numbers, width));
            try (Result result = session.runner().fetch(sums).run()) {
                float[] found = new float[ROWS];
                ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(found);
                return found;
            }
        }
    }

    private static Operand<TFloat32> matrix(Ops tf, float[] numbers, int width) {
        return tf.constant(Shape.of(ROWS, width), DataBuffers.of(numbers));
    }
}

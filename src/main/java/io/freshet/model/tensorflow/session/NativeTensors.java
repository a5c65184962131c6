package io.freshet.model.tensorflow.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_TString;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.DataType;

/**
 * Copies between Java arrays and TensorFlow's tensors, in bulk. New tensors belong to the innermost
 * {@code PointerScope}.
 */
final class NativeTensors {

    private NativeTensors() {}

    static TF_Tensor of(int[] values, long... shape) {
        TF_Tensor tensor = allocate(DataType.DT_INT32, values.length, Integer.BYTES, shape);
        if (values.length > 0) {
            new IntPointer(tensorflow.TF_TensorData(tensor)).put(values, 0, values.length);
        }
        return tensor;
    }

    static TF_Tensor of(long[] values, long... shape) {
        TF_Tensor tensor = allocate(DataType.DT_INT64, values.length, Long.BYTES, shape);
        if (values.length > 0) {
            new LongPointer(tensorflow.TF_TensorData(tensor)).put(values, 0, values.length);
        }
        return tensor;
    }

    static TF_Tensor of(float[] values, long... shape) {
        TF_Tensor tensor = allocate(DataType.DT_FLOAT, values.length, Float.BYTES, shape);
        if (values.length > 0) {
            new FloatPointer(tensorflow.TF_TensorData(tensor)).put(values, 0, values.length);
        }
        return tensor;
    }

    static TF_Tensor of(String[] values, long... shape) {
        int size = Loader.sizeof(TF_TString.class);
        TF_Tensor tensor = allocate(DataType.DT_STRING, values.length, size, shape);
        for (int i = 0; i < values.length; i++) {
            byte[] bytes = values[i].getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0) {
                try (BytePointer pointer = new BytePointer(bytes)) {
                    tensorflow.TF_TString_Copy(string(tensor, i), pointer, bytes.length);
                }
            }
        }
        return tensor;
    }

    private static TF_Tensor allocate(DataType type, int count, int size, long[] shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (elements != count) {
            throw new IllegalArgumentException(
                    count + " values don't fill a tensor of shape " + Arrays.toString(shape));
        }
        return TF_Tensor.allocateTensor(type.getNumber(), shape, (long) count * size);
    }

    static long[] shape(TF_Tensor tensor) {
        return IntStream.range(0, tensorflow.TF_NumDims(tensor))
                .mapToLong(dimension -> tensorflow.TF_Dim(tensor, dimension))
                .toArray();
    }

    static int[] ints(TF_Tensor tensor) {
        int[] values = new int[count(tensor)];
        if (values.length > 0) {
            new IntPointer(tensorflow.TF_TensorData(tensor)).get(values, 0, values.length);
        }
        return values;
    }

    static float[] floats(TF_Tensor tensor) {
        float[] values = new float[count(tensor)];
        if (values.length > 0) {
            new FloatPointer(tensorflow.TF_TensorData(tensor)).get(values, 0, values.length);
        }
        return values;
    }

    static String[] strings(TF_Tensor tensor) {
        String[] values = new String[count(tensor)];
        for (int i = 0; i < values.length; i++) {
            TF_TString string = string(tensor, i);
            byte[] bytes = new byte[Math.toIntExact(tensorflow.TF_TString_GetSize(string))];
            if (bytes.length > 0) {
                tensorflow.TF_TString_GetDataPointer(string).get(bytes, 0, bytes.length);
            }
            values[i] = new String(bytes, StandardCharsets.UTF_8);
        }
        return values;
    }

    private static TF_TString string(TF_Tensor tensor, int index) {
        Pointer data = tensorflow.TF_TensorData(tensor);
        return new TF_TString(data).getPointer(index);
    }

    private static int count(TF_Tensor tensor) {
        return Math.toIntExact(tensorflow.TF_TensorElementCount(tensor));
    }
}

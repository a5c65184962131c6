package io.freshet.model.tensorflow.session;

import io.freshet.model.FloatTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** One call of a signature, by the names of its inputs and outputs. */
public final class SignatureCall implements AutoCloseable {

    private final SignatureDef signature;
    private final SessionCall call;
    private final Set<String> fed = new HashSet<>();
    private final Map<String, Integer> fetched = new HashMap<>();

    SignatureCall(SignatureDef signature, SessionCall call) {
        this.signature = signature;
        this.call = call;
    }

    /** Shapes of the inputs by name, -1 for a dimension that may be any; of known rank. */
    public SortedMap<String, long[]> inputShapes() {
        SortedMap<String, long[]> shapes = new TreeMap<>();
        signature
                .getInputsMap()
                .forEach(
                        (name, info) ->
                                shapes.put(
                                        name,
                                        info.getTensorShape().getDimList().stream()
                                                .mapToLong(TensorShapeProto.Dim::getSize)
                                                .toArray()));
        return shapes;
    }

    /** Names of the outputs. */
    public Set<String> outputs() {
        return signature.getOutputsMap().keySet();
    }

    /** Whether the signature has an input of this name. */
    public boolean takes(String name) {
        return signature.containsInputs(name);
    }

    public SignatureCall feed(String name, int[] values, long... shape) {
        return feed(name, NativeTensors.of(values, shape));
    }

    public SignatureCall feed(String name, float[] values, long... shape) {
        return feed(name, NativeTensors.of(values, shape));
    }

    public SignatureCall feed(String name, long[] values, long... shape) {
        return feed(name, NativeTensors.of(values, shape));
    }

    public SignatureCall feed(String name, String[] values, long... shape) {
        return feed(name, NativeTensors.of(values, shape));
    }

    private SignatureCall feed(String name, TF_Tensor tensor) {
        call.feed(end(name, signature.getInputsMap()), tensor);
        fed.add(name);
        return this;
    }

    /** Runs the signature as far as these outputs need it. */
    public SignatureCall run(String... outputs) {
        if (!fed.equals(signature.getInputsMap().keySet())) {
            throw new IllegalStateException(
                    "The signature takes "
                            + new TreeSet<>(signature.getInputsMap().keySet())
                            + ", but was given "
                            + new TreeSet<>(fed));
        }
        for (String output : outputs) {
            call.fetch(end(output, signature.getOutputsMap()));
            fetched.put(output, fetched.size());
        }
        call.run();
        return this;
    }

    private static String end(String name, Map<String, TensorInfo> ends) {
        TensorInfo info = ends.get(name);
        if (info == null) {
            throw new IllegalArgumentException(
                    "No '" + name + "' in the signature, only " + new TreeSet<>(ends.keySet()));
        }
        return info.getName();
    }

    public int[] ints(String output) {
        return NativeTensors.ints(result(output));
    }

    public float[] floats(String output) {
        return NativeTensors.floats(result(output));
    }

    public FloatTensor tensor(String output) {
        return new FloatTensor(NativeTensors.shape(result(output)), floats(output));
    }

    public String[] strings(String output) {
        return NativeTensors.strings(result(output));
    }

    private TF_Tensor result(String output) {
        Integer index = fetched.get(output);
        if (index == null) {
            throw new IllegalStateException(
                    "'" + output + "' was not asked for, only " + new TreeSet<>(fetched.keySet()));
        }
        return call.result(index);
    }

    @Override
    public void close() {
        call.close();
    }
}

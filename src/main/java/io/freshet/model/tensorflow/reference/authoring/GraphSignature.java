package io.freshet.model.tensorflow.reference.authoring;

import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.family.TType;

/** A signature of a graph that is being authored. */
public final class GraphSignature {

    private final Ops tf;
    private final SignatureDef.Builder definition =
            SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");

    /**
     * @param tf authors the graph
     */
    public GraphSignature(Ops tf) {
        this.tf = tf;
    }

    /** Adds an input; a dimension of -1 is known at run time only. */
    public <T extends TType> Operand<T> input(String name, Class<T> type, long... dimensions) {
        Operand<T> input = tf.placeholder(type, Placeholder.shape(Shape.of(dimensions)));
        definition.putInputs(name, describe(input));
        return input;
    }

    public void output(String name, Operand<?> output) {
        definition.putOutputs(name, describe(output));
    }

    public SignatureDef definition() {
        return definition.build();
    }

    private static TensorInfo describe(Operand<?> operand) {
        Output<?> output = operand.asOutput();
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        if (output.shape().isUnknown()) {
            shape.setUnknownRank(true);
        } else {
            for (long dimension : output.shape().asArray()) {
                shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimension));
            }
        }
        return TensorInfo.newBuilder()
                .setName(output.op().name() + ":" + output.index())
                .setDtype(output.dataType())
                .setTensorShape(shape)
                .build();
    }
}

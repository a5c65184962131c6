package io.freshet.model.tensorflow.bert;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.freshet.model.tensorflow.bert.BertGraph.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** The ONNX model as ONNX Runtime runs it, one text at a time, without padding. */
final class OnnxReference implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final Pooling pooling;
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;

    OnnxReference(String name, Pooling pooling, int maxTokens) throws IOException, OrtException {
        this.pooling = pooling;
        try (InputStream model = resource(name + ".onnx");
                InputStream vocabulary = resource(name + "-tokenizer.json")) {
            session = environment.createSession(model.readAllBytes());
            tokenizer =
                    HuggingFaceTokenizer.newInstance(
                            vocabulary,
                            Map.of(
                                    "padding", "false",
                                    "truncation", "true",
                                    "maxLength", String.valueOf(maxTokens)));
        }
    }

    /** Mean or first of the last layer's vectors, of unit length. */
    float[] encode(String text) throws OrtException {
        Encoding encoding = tokenizer.encode(text);
        try (OnnxTensor ids = row(encoding.getIds());
                OnnxTensor mask = row(encoding.getAttentionMask());
                OnnxTensor types = row(new long[encoding.getIds().length]);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", ids,
                                        "attention_mask", mask,
                                        "token_type_ids", types))) {
            float[][] hidden = ((float[][][]) result.get(0).getValue())[0];
            return unitMean(pooling == Pooling.CLS ? new float[][] {hidden[0]} : hidden);
        }
    }

    private OnnxTensor row(long[] values) throws OrtException {
        return OnnxTensor.createTensor(environment, new long[][] {values});
    }

    private static float[] unitMean(float[][] hidden) {
        double[] sum = new double[hidden[0].length];
        for (float[] token : hidden) {
            Arrays.setAll(sum, i -> sum[i] + token[i]);
        }
        double length = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / length);
        }
        return mean;
    }

    static InputStream resource(String name) {
        return Objects.requireNonNull(
                OnnxReference.class.getClassLoader().getResourceAsStream(name), name);
    }

    @Override
    public void close() throws OrtException {
        session.close();
        tokenizer.close();
    }
}

package io.freshet.model.tensorflow.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

class ModelContractTest {

    private static final String REJECTIONS = "which go together";

    private final SignatureDef.Builder train = SignatureDef.newBuilder();

    @Test
    void a_step_takes_rejections_whole_or_not_at_all() {
        assertThat(problems()).noneMatch(each -> each.contains(REJECTIONS));

        take("rejected_rows", DataType.DT_INT32);
        take("rejection", DataType.DT_FLOAT);
        assertThat(problems())
                .contains(
                        "signature 'train', inputs: only [rejected_rows, rejection] of"
                                + " [rejected_positions, rejected_rows, rejection], which go"
                                + " together");

        take("rejected_positions", DataType.DT_INT32);
        assertThat(problems()).noneMatch(each -> each.contains(REJECTIONS));
    }

    @Test
    void an_input_of_another_type_is_a_problem() {
        take("rejection", DataType.DT_INT32);

        assertThat(problems())
                .contains("signature 'train', inputs: 'rejection' is DT_INT32, not DT_FLOAT");
    }

    @Test
    void an_input_that_nobody_would_feed_is_a_problem() {
        take("temperature", DataType.DT_FLOAT);

        assertThat(problems()).contains("signature 'train', inputs: unknown 'temperature'");
    }

    private void take(String input, DataType type) {
        train.putInputs(input, TensorInfo.newBuilder().setDtype(type).build());
    }

    private List<String> problems() {
        return ModelContract.problems(
                MetaGraphDef.newBuilder().putSignatureDef("train", train.build()).build());
    }
}

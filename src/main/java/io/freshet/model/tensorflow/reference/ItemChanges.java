package io.freshet.model.tensorflow.reference;

import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;

/**
 * What scoring depends on, as it is to become; all that is not named stays. Rows are distinct, and
 * may lie behind the last.
 *
 * @param renamedRows rows that change hands, ascending, [N]
 * @param itemIds their new items, empty for none, [N]
 * @param describedRows rows with other content, [D]
 * @param features their content vectors, [D, feature width]
 * @param trainedRows rows with other weights, [R]
 * @param embeddings their embeddings, [R, width]
 * @param biases their biases, [R, 1]
 * @param dense the weights that belong to no row
 */
public record ItemChanges(
        Operand<TInt32> renamedRows,
        Operand<TString> itemIds,
        Operand<TInt32> describedRows,
        Operand<TFloat32> features,
        Operand<TInt32> trainedRows,
        Operand<TFloat32> embeddings,
        Operand<TFloat32> biases,
        Map<GraphVariable<TFloat32>, Operand<TFloat32>> dense) {}

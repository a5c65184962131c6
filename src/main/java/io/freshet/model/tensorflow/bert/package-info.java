/**
 * Pre-trained text encoders of the BERT family, rebuilt in TensorFlow from files of weights.
 *
 * <p>{@code TextEncoders} gives the configured one: a {@code PackagedEncoder} from a jar on the
 * class path, or an {@code EncoderDirectory} of the user's. Either comes down to a {@code
 * BertModel}: sizes ({@code BertSpec}), {@code Pooling}, a tokenizer, and {@code BertWeights} under
 * BERT's usual names, whichever file they were in ({@code OnnxWeights}, {@code
 * SafetensorsWeights}). {@code BertGraph} is the network, {@code BertTextEncoder} runs it and reads
 * a {@code TextOutput}. Upper layers may be left to the recommender: {@code LowerLayersRuntime} is
 * what stays frozen, {@code UpperLayers} what it trains, {@code BertLayers} what both are made of.
 */
@NullMarked
package io.freshet.model.tensorflow.bert;

import org.jspecify.annotations.NullMarked;

/**
 * A payment provider on a loopback port that speaks the part of Stripe's PaymentIntents API the platform uses.
 *
 * <p>Payment-method tokens:
 *
 * <table>
 * <caption>What each token does</caption>
 * <tr><th>token</th><th>effect</th></tr>
 * <tr><td>{@code pm_card_visa}, {@code pm_card_visa_debit}, {@code pm_card_mastercard}, {@code pm_card_amex}</td>
 *     <td>succeeds</td></tr>
 * <tr><td>{@code pm_card_chargeDeclined}</td><td>402 {@code card_declined}, {@code generic_decline}</td></tr>
 * <tr><td>{@code pm_card_chargeDeclinedInsufficientFunds}</td><td>402 {@code card_declined},
 *     {@code insufficient_funds}</td></tr>
 * <tr><td>{@code pm_card_chargeDeclinedLostCard}, {@code pm_card_chargeDeclinedStolenCard}</td>
 *     <td>402 {@code card_declined}, {@code lost_card} or {@code stolen_card}</td></tr>
 * <tr><td>{@code pm_card_chargeDeclinedExpiredCard}, {@code pm_card_chargeDeclinedIncorrectCvc},
 *     {@code pm_card_chargeDeclinedProcessingError}</td>
 *     <td>402 {@code expired_card}, {@code incorrect_cvc}, {@code processing_error}</td></tr>
 * <tr><td>{@code pm_gatehouse_timeout}</td><td>authorises at once, but the first answer is held back
 *     ({@link dev.gatehouse.devstack.payments.PaymentProviderSettings#answerHold()}, 60 s by default); a repeat with the
 *     same idempotency key is answered at once</td></tr>
 * <tr><td>{@code pm_gatehouse_captureThen500}</td><td>captures, then answers 500; a repeat with the same idempotency
 *     key answers the capture</td></tr>
 * <tr><td>{@code pm_gatehouse_processing}</td><td>stays {@code processing} for
 *     {@link dev.gatehouse.devstack.payments.PaymentProviderSettings#processingTime()}, then succeeds by webhook</td></tr>
 * </table>
 *
 * <p>The declining tokens are known as {@code pm_card_visa_chargeDeclined…} too. Every other token is refused with 400
 * {@code resource_missing}.
 */
@NullMarked
package dev.gatehouse.devstack.payments;

import org.jspecify.annotations.NullMarked;

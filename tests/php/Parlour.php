<?php

declare(strict_types=1);

namespace App\Services;

/**
 * Tells Parlour what happened in a room. Every call carries a request id, so that a repeat after a
 * timeout or during a restart of the server happens once.
 */
final class Parlour
{
    private const TRIES = 8;

    public function __construct(
        private readonly string $url,
        #[\SensitiveParameter] private readonly string $key,
    ) {
    }

    public function newMessage(string $room, array $message, ?string $uuid = null): array
    {
        return $this->post('new-message', ['room' => $room, 'message' => $message], $uuid);
    }

    public function replyMessage(string $room, array $message, int|string $replyTo, ?string $uuid = null): array
    {
        return $this->post('reply-message', ['room' => $room, 'message' => $message, 'replyTo' => $replyTo], $uuid);
    }

    public function editMessage(string $room, int|string $messageId, array $message, ?string $uuid = null): array
    {
        return $this->post('edit-message', ['room' => $room, 'messageId' => $messageId, 'message' => $message], $uuid);
    }

    public function updateMessage(string $room, int|string $messageId, array $message, ?string $uuid = null): array
    {
        return $this->post('update-message', ['room' => $room, 'messageId' => $messageId, 'message' => $message], $uuid);
    }

    public function deleteMessage(string $room, int|string $messageId, ?string $uuid = null): array
    {
        return $this->post('delete-message', ['room' => $room, 'messageId' => $messageId], $uuid);
    }

    public function statusUpdate(string $room, int|string $messageId, string $status, ?string $uuid = null): array
    {
        return $this->post('status-update', ['room' => $room, 'messageId' => $messageId, 'status' => $status], $uuid);
    }

    /** The access token with which a page connects: who it is, and which rooms it may join. */
    public static function token(#[\SensitiveParameter] string $secret, string $user, array $rooms, int $seconds = 3600): string
    {
        $encode = static fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
        $claims = ['sub' => $user, 'rooms' => $rooms, 'iat' => time(), 'exp' => time() + $seconds];
        $signed = $encode('{"alg":"HS256","typ":"JWT"}') . '.' . $encode(json_encode($claims, JSON_THROW_ON_ERROR));

        return $signed . '.' . $encode(hash_hmac('sha256', $signed, $secret, true));
    }

    private function post(string $route, array $body, ?string $uuid): array
    {
        $body['uuid'] = $uuid ?? bin2hex(random_bytes(16));
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION;
        $curl = curl_init("{$this->url}/api/sms/{$route}");
        curl_setopt_array($curl, [
            CURLOPT_POSTFIELDS => json_encode($body, $flags),
            CURLOPT_HTTPHEADER => ["Authorization: Bearer {$this->key}", 'Content-Type: application/json'],
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 10,
        ]);
        for ($try = 1; ; $try++) {
            $text = curl_exec($curl);
            $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
            $passing = $text === false || in_array($status, [429, 502, 503, 504], true);
            if (! $passing || $try === self::TRIES) {
                break;
            }
            usleep(min(2 ** $try * 50_000, 2_000_000));
        }
        if ($text === false) {
            throw new \RuntimeException('Parlour was not reached: ' . curl_error($curl));
        }
        $answer = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
        if ($status >= 300) {
            throw new \RuntimeException("Parlour refused: {$answer['error']['code']}, {$answer['error']['message']}", $status);
        }

        return $answer;
    }
}

<?php

declare(strict_types=1);

// Calls one method of the worked example for a test: `php call.php <method> <JSON array of arguments>`,
// with PARLOUR_URL and PARLOUR_KEY in the environment. Prints the answer.

require __DIR__ . '/Parlour.php';

$parlour = new App\Services\Parlour(getenv('PARLOUR_URL'), getenv('PARLOUR_KEY'));
[, $method, $arguments] = $argv;
$answer = $parlour->{$method}(...json_decode($arguments, true, 512, JSON_THROW_ON_ERROR));
echo json_encode($answer, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE), "\n";

@echo off
rem Double-click on Windows: sets up a private .venv here, then runs the sample year.
rem This file is ASCII, for cmd.exe loses its place in files with Chinese text; what is said in
rem Chinese comes from Python, or from the small files in tools\windows.
chcp 65001 >nul
setlocal
set PYTHONUTF8=1
rem pushd, not cd: it also enters a network folder
pushd "%~dp0"
if errorlevel 1 goto failed

rem Versions that the locked packages are tried with; else whatever is called python.
set PYTHON=
for %%v in (3.13 3.12 3.11 3.14) do call :try %%v
if defined PYTHON goto found
python -c "import sys, venv; sys.exit(sys.version_info[:2] < (3, 11))" >nul 2>nul
if errorlevel 1 goto no_python
set PYTHON=python

:found
%PYTHON% tools\bootstrap.py
if errorlevel 1 goto failed
.venv\Scripts\xltool.exe demo
if errorlevel 1 goto failed
set RESULT=0
goto end

:no_python
echo.
type tools\windows\no-python.txt
set RESULT=1
goto end

:failed
echo.
type "%~dp0tools\windows\failed.txt"
set RESULT=1

:end
echo.
pause
popd
exit /b %RESULT%

:try
if defined PYTHON exit /b 0
py -%1 -c "import venv" >nul 2>nul
if not errorlevel 1 set PYTHON=py -%1
exit /b 0
